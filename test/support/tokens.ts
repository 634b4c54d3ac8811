import { SignJWT } from 'jose';
import type { GraphQLResult } from './harness.ts';

/** The secret of the tests' tokens. */
const JWT_SECRET = 'the secret of the tests, of thirty-two bytes';

/** The variables of a server that requires tokens. */
export const WITH_TOKENS = {
  AUTH_JWT_SECRET: JWT_SECRET,
  AUTH_TENANT_CLAIM: 'tenant',
  IDLE_NUDGE_MS: '3600000',
};

export interface TokenClaims {
  sub: string;
  role?: string;
  tenant?: string;
  name?: string;
}

/** A token as an identity provider signs it. `ttl`: in seconds from now; negative: it has expired. */
export function tokenFor({ sub, ...claims }: TokenClaims, ttl = 600): Promise<string> {
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(sub)
    .setExpirationTime(Math.floor(Date.now() / 1_000) + ttl)
    .sign(new TextEncoder().encode(JWT_SECRET));
}

/** Sends an operation over HTTP with a token; null: without one. */
export async function requestAs(
  url: string,
  token: string | null,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<GraphQLResult> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== null && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as GraphQLResult;
}

const CREATE_TOKEN = /* GraphQL */ `
  mutation ($input: CreateApiTokenInput!) {
    createApiToken(input: $input) {
      __typename
      ... on CreateApiTokenSuccess { secret apiToken { id name prefix scopes createdAt expiresAt lastUsedAt revokedAt } }
      ... on InvalidInputError { fieldErrors { path message } }
      ... on UserError { message }
    }
  }
`;

/** Creates an API token of the caller. Returns the mutation's result. */
export async function createApiToken(url: string, token: string, input: Record<string, unknown>) {
  const { data, errors } = await requestAs(url, token, CREATE_TOKEN, { input });
  if (errors) throw new Error(JSON.stringify(errors));
  return data.createApiToken;
}

export const REVOKE_TOKEN = /* GraphQL */ `
  mutation ($id: ID!) {
    revokeApiToken(input: { id: $id }) {
      __typename
      ... on RevokeApiTokenSuccess { apiToken { id revokedAt } }
      ... on UserError { message }
    }
  }
`;
