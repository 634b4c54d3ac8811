import { claim, integer, oneOf, roleMap, secret, text, url } from '../kinds/kinds.ts';
import { setting } from '../kinds/setting.ts';

/** Who may call, and how they show who they are: see docs/accounts.md. */
export const accounts = {
  authMode: setting(oneOf('none', 'token'), {
    variable: 'AUTH_MODE',
    unset: '`token` with `AUTH_JWT_SECRET` or `AUTH_JWKS_URL`, else one local user, on this machine only',
    example: 'token',
    decides:
      '`token` requires a token of every caller: see [docs/accounts.md](docs/accounts.md). `none` allows other machines to reach the server without one: everyone who reaches it is its one local user, as the log says at every start.',
  }),
  jwtSecret: setting(secret(32), {
    variable: 'AUTH_JWT_SECRET',
    unset: 'no tokens of this kind',
    decides: 'The secret with which JSON Web Tokens are signed by HS256.',
  }),
  jwksUrl: setting(url('http:', 'https:'), {
    variable: 'AUTH_JWKS_URL',
    unset: 'no tokens of this kind',
    example: 'https://id.example.com/.well-known/jwks.json',
    decides:
      'The public keys of an identity provider whose JSON Web Tokens are accepted (RS256, ES256, EdDSA). Requires `AUTH_JWT_AUDIENCE`.',
  }),
  jwtIssuer: setting(text, {
    variable: 'AUTH_JWT_ISSUER',
    unset: 'any',
    example: 'https://id.example.com/',
    decides: 'The `iss` that a token must have.',
  }),
  jwtAudience: setting(text, {
    variable: 'AUTH_JWT_AUDIENCE',
    unset: 'any',
    example: 'taskflow',
    decides: 'The `aud` that a token must have.',
  }),
  tenantClaim: setting(claim, {
    variable: 'AUTH_TENANT_CLAIM',
    unset: 'every caller is of the tenant `default`',
    example: 'org_id',
    decides:
      "The claim with a caller's tenant. A token without it is of the tenant `default`. A path with dots leads into objects.",
  }),
  roleClaim: setting(claim, {
    variable: 'AUTH_ROLE_CLAIM',
    default: 'role',
    decides:
      "The claim with a caller's role: a word, or a list of words. The one with the most rights counts. `USER` without it, and for unknown words.",
  }),
  roleMap: setting(roleMap, {
    variable: 'AUTH_ROLE_MAP',
    default: '',
    unset: 'the names of the roles themselves',
    example: 'taskflow-admins:ADMIN,platform:OPERATOR',
    decides: "The identity provider's words for `USER`, `ADMIN`, `OPERATOR` and `SERVICE`.",
  }),
  nameClaim: setting(claim, {
    variable: 'AUTH_NAME_CLAIM',
    default: 'name',
    decides: "The claim with a caller's name, as it is shown to themselves.",
  }),
  sessionSpreadMs: setting(integer(0, 60_000, 'ms'), {
    variable: 'AUTH_EXPIRY_SPREAD_MS',
    default: '2000',
    decides:
      'Within which time before the end of their tokens sockets are closed, at random, so that their clients do not come back all at once.',
  }),
};
