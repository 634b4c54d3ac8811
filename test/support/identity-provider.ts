import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** A provider of OpenID Connect at which somebody is signed in already, and agrees to everything. */
export interface IdentityProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Who is signed in there: the claims of their ID tokens. */
  person: { sub: string; email: string; email_verified: boolean; name?: string };
  close(): Promise<void>;
}

/** It refuses what does not keep to the authorization code flow with PKCE (RFC 7636). */
export async function startIdentityProvider(): Promise<IdentityProvider> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  const granted = new Map<string, URLSearchParams>();

  /** Sends the browser back with a code. */
  function authorize(asked: URLSearchParams, response: ServerResponse): void {
    const isWhole =
      asked.get('client_id') === provider.clientId &&
      asked.get('response_type') === 'code' &&
      asked.get('code_challenge_method') === 'S256' &&
      asked.get('scope')?.split(' ').includes('openid');
    if (!isWhole) return void response.writeHead(400).end();
    const code = randomUUID();
    granted.set(code, asked);
    const back = new URL(asked.get('redirect_uri') ?? '');
    back.searchParams.set('code', code);
    back.searchParams.set('state', asked.get('state') ?? '');
    response.writeHead(302, { location: back.href }).end();
  }

  async function exchange(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const given = new URLSearchParams(await text(request));
    const asked = granted.get(given.get('code') ?? '');
    granted.delete(given.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(given.get('code_verifier') ?? '')
      .digest('base64url');
    const isRight =
      asked?.get('code_challenge') === challenge &&
      asked.get('redirect_uri') === given.get('redirect_uri') &&
      given.get('client_secret') === provider.clientSecret;
    if (!asked || !isRight) return json(response, { error: 'invalid_grant' }, 400);
    const idToken = await new SignJWT({ ...provider.person, nonce: asked.get('nonce') })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .setIssuer(provider.issuer)
      .setAudience(provider.clientId)
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(privateKey);
    json(response, { access_token: randomUUID(), token_type: 'Bearer', expires_in: 300, id_token: idToken });
  }

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', provider.issuer);
    if (pathname === '/.well-known/openid-configuration') return json(response, discovery(provider.issuer));
    if (pathname === '/jwks') return json(response, { keys: [jwk] });
    if (pathname === '/authorize') return authorize(searchParams, response);
    if (pathname === '/token') return void exchange(request, response);
    response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const provider: IdentityProvider = {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    clientId: 'taskflow',
    clientSecret: 'the-secret-of-TaskFlow',
    person: { sub: '1', email: 'sam@example.com', email_verified: true },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return provider;
}

function discovery(issuer: string): object {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
  };
}

function json(response: ServerResponse, body: object, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** The variables of a server at which people sign in by this provider. */
export function settingsOf({ issuer, clientId, clientSecret }: IdentityProvider): Record<string, string> {
  return {
    AUTH_OIDC_ISSUER: `${issuer}/`,
    AUTH_OIDC_ID: clientId,
    AUTH_OIDC_SECRET: clientSecret,
    AUTH_OIDC_NAME: 'Our directory',
  };
}
