import {
  claim,
  emails,
  flag,
  integer,
  label,
  oneOf,
  origin,
  printable,
  roleMap,
  secret,
  sender,
  text,
  url,
} from '../kinds/kinds.ts';
import { setting } from '../kinds/setting.ts';

/** Who may call, and how they show who they are: see docs/accounts.md. */
export const accounts = {
  authMode: setting(oneOf('none', 'token', 'accounts'), {
    variable: 'AUTH_MODE',
    unset: '`token` with `AUTH_JWT_SECRET` or `AUTH_JWKS_URL`, else one local user, on this machine only',
    example: 'token',
    decides:
      '`token` requires a token of every caller: see [docs/accounts.md](docs/accounts.md). `accounts` does, too, and people sign up and sign in here for theirs. `none` allows other machines to reach the server without one: everyone who reaches it is its one local user, as the log says at every start.',
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
  authSecret: setting(secret(32), {
    variable: 'AUTH_SECRET',
    unset: 'made once and kept in `DATA_DIR`, if `HOST` is of this machine only',
    decides:
      'For `accounts`: the secret that signs cookies and encrypts the keys of tokens. Every server has the same. Another one signs everybody out. `openssl rand -base64 32` makes one.',
  }),
  authUrl: setting(origin, {
    variable: 'AUTH_URL',
    unset: '`http://HOST:PORT`, if `HOST` is of this machine only',
    example: 'https://chat.example.com',
    decides:
      'For `accounts`: the address at which people reach the server, for the links in mails and for providers, which send people back to `AUTH_URL/auth/callback/<provider>`. Cookies are sent over https alone if it is https.',
  }),
  tokenMs: setting(integer(60_000, 86_400_000, 'ms'), {
    variable: 'AUTH_TOKEN_MS',
    default: '900000',
    decides:
      'For `accounts`: how long a token of a person is valid; the client gets the next one by its cookie.',
  }),
  signUp: setting(flag, {
    variable: 'AUTH_SIGN_UP',
    default: '1',
    decides: 'For `accounts`: `0` lets nobody sign up, by a provider neither. Who has an account signs in.',
  }),
  guests: setting(flag, {
    variable: 'AUTH_GUESTS',
    default: '0',
    decides: 'For `accounts`: `1` lets people in as guests, without an address or a password.',
  }),
  operators: setting(emails, {
    variable: 'AUTH_OPERATORS',
    default: '',
    unset: 'nobody',
    example: 'alice@example.com',
    decides:
      'For `accounts`: the addresses of those who have the role `OPERATOR`, once they have verified that the address is theirs.',
  }),
  smtpUrl: setting(url('smtp:', 'smtps:'), {
    variable: 'SMTP_URL',
    unset: 'mails are files in `DATA_DIR/mails`',
    example: 'smtps://user:password@smtp.example.com',
    decides:
      'For `accounts`: the server that sends mails. With it people verify their address before they sign in for the first time. Requires `MAIL_FROM`.',
  }),
  mailFrom: setting(sender, {
    variable: 'MAIL_FROM',
    unset: 'required with `SMTP_URL`',
    example: 'TaskFlow <taskflow@example.com>',
    decides: 'For `accounts`: the sender of mails.',
  }),
  githubId: setting(printable, {
    variable: 'AUTH_GITHUB_ID',
    unset: 'no sign-in by GitHub',
    decides: 'For `accounts`: the id of an OAuth app of GitHub. Requires `AUTH_GITHUB_SECRET`.',
  }),
  githubSecret: setting(printable, {
    variable: 'AUTH_GITHUB_SECRET',
    unset: 'no sign-in by GitHub',
    decides: 'The secret of that app. Requires `AUTH_GITHUB_ID`.',
  }),
  googleId: setting(printable, {
    variable: 'AUTH_GOOGLE_ID',
    unset: 'no sign-in by Google',
    decides: 'For `accounts`: the id of an OAuth client of Google. Requires `AUTH_GOOGLE_SECRET`.',
  }),
  googleSecret: setting(printable, {
    variable: 'AUTH_GOOGLE_SECRET',
    unset: 'no sign-in by Google',
    decides: 'The secret of that client. Requires `AUTH_GOOGLE_ID`.',
  }),
  oidcIssuer: setting(url('http:', 'https:'), {
    variable: 'AUTH_OIDC_ISSUER',
    unset: 'no sign-in by another provider',
    example: 'https://id.example.com/realms/main',
    decides:
      'For `accounts`: any provider of OpenID Connect; its settings are read from `/.well-known/openid-configuration` below this address. Requires `AUTH_OIDC_ID` and `AUTH_OIDC_SECRET`.',
  }),
  oidcId: setting(printable, {
    variable: 'AUTH_OIDC_ID',
    unset: 'no sign-in by another provider',
    decides: 'The id of TaskFlow at that provider. Requires `AUTH_OIDC_ISSUER` and `AUTH_OIDC_SECRET`.',
  }),
  oidcSecret: setting(printable, {
    variable: 'AUTH_OIDC_SECRET',
    unset: 'no sign-in by another provider',
    decides: 'The secret of TaskFlow at that provider. Requires `AUTH_OIDC_ISSUER` and `AUTH_OIDC_ID`.',
  }),
  oidcName: setting(label, {
    variable: 'AUTH_OIDC_NAME',
    default: 'Single sign-on',
    decides: 'The name of that provider, as people read it.',
  }),
};
