import { describe, expect, test } from 'vitest';
import { ConfigError, loadConfig } from './config.ts';

const SECRET = 'a secret of thirty-two bytes or so';
const ACCOUNTS = { AUTH_MODE: 'accounts' };
const REACHED = { ...ACCOUNTS, HOST: '0.0.0.0' };

/** The one line with which these variables are refused; null: they are accepted. */
function faultOf(env: Record<string, string>): string | null {
  try {
    loadConfig(env);
    return null;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.message).not.toMatch(/\n|hunter2/);
    return error.message;
  }
}

describe('a part of what belongs together', () => {
  test.each([
    [{ AUTH_GITHUB_ID: 'hunter2' }, 'AUTH_GITHUB_ID requires AUTH_GITHUB_SECRET'],
    [{ AUTH_GITHUB_SECRET: 'hunter2' }, 'AUTH_GITHUB_SECRET requires AUTH_GITHUB_ID'],
    [{ AUTH_GOOGLE_ID: 'hunter2' }, 'AUTH_GOOGLE_ID requires AUTH_GOOGLE_SECRET'],
    [{ AUTH_GOOGLE_SECRET: 'hunter2' }, 'AUTH_GOOGLE_SECRET requires AUTH_GOOGLE_ID'],
    [
      { AUTH_OIDC_ISSUER: 'https://id.example' },
      'AUTH_OIDC_ISSUER requires AUTH_OIDC_ID and AUTH_OIDC_SECRET',
    ],
    [{ AUTH_OIDC_SECRET: 'hunter2' }, 'AUTH_OIDC_SECRET requires AUTH_OIDC_ISSUER and AUTH_OIDC_ID'],
    [
      { AUTH_OIDC_ISSUER: 'https://id.example', AUTH_OIDC_ID: 'a' },
      'AUTH_OIDC_ISSUER and AUTH_OIDC_ID requires AUTH_OIDC_SECRET',
    ],
    [{ SMTP_URL: 'smtp://me:hunter2@mail.example' }, 'SMTP_URL requires MAIL_FROM'],
    [
      { AUTH_GITHUB_ID: 'a', AUTH_GOOGLE_ID: 'b' },
      'AUTH_GITHUB_ID requires AUTH_GITHUB_SECRET; AUTH_GOOGLE_ID requires AUTH_GOOGLE_SECRET',
    ],
    [{ AUTH_GITHUB_ID: 'a', AUTH_GITHUB_SECRET: 'b' }, null],
    [{ SMTP_URL: 'smtp://mail.example', MAIL_FROM: 'a@example.com' }, null],
    [{ MAIL_FROM: 'a@example.com' }, null],
  ])('%o is refused or not, in every mode', (env, fault) => {
    expect(faultOf(env)).toBe(fault);
    expect(faultOf({ ...ACCOUNTS, ...env })).toBe(fault);
  });
});

describe('AUTH_MODE accounts', () => {
  test('needs nothing else on this machine', () => {
    expect(loadConfig(ACCOUNTS)).toMatchObject({ authMode: 'accounts', signUp: true, guests: false });
  });

  test.each([
    [{}, 'AUTH_MODE accounts requires AUTH_SECRET and AUTH_URL where other machines can reach HOST 0.0.0.0'],
    [
      { AUTH_URL: 'https://chat.example' },
      'AUTH_MODE accounts requires AUTH_SECRET where other machines can reach HOST 0.0.0.0',
    ],
    [
      { AUTH_SECRET: SECRET },
      'AUTH_MODE accounts requires AUTH_URL where other machines can reach HOST 0.0.0.0',
    ],
    [
      { AUTH_SECRET: SECRET, AUTH_URL: 'http://chat.example' },
      'AUTH_URL must begin with https:// unless it is of this machine only',
    ],
    [{ AUTH_SECRET: SECRET, AUTH_URL: 'https://chat.example' }, null],
    [{ AUTH_SECRET: SECRET, AUTH_URL: 'http://localhost:8080' }, null],
    [{ AUTH_SECRET: SECRET, AUTH_URL: 'http://[::1]:8080' }, null],
  ])('where other machines reach the server, with %o, is refused or not', (env, fault) => {
    expect(faultOf({ ...REACHED, ...env })).toBe(fault);
  });

  test('has the tokens of others beside those of people', () => {
    expect(loadConfig({ ...ACCOUNTS, AUTH_JWT_SECRET: SECRET })).toMatchObject({
      authMode: 'accounts',
      jwtSecret: SECRET,
    });
    expect(faultOf({ ...ACCOUNTS, AUTH_JWKS_URL: 'https://id.example/jwks' })).toMatch(
      /^AUTH_JWKS_URL requires AUTH_JWT_AUDIENCE/,
    );
  });
});

describe('the values', () => {
  test.each([
    ['AUTH_SECRET', 'too short', 'must be at least 32 bytes long'],
    ['AUTH_URL', 'https://chat.example/', 'must be an address without a path'],
    ['AUTH_URL', 'chat.example', 'must be an address without a path'],
    ['AUTH_OPERATORS', 'a@example.com, b', 'must be e-mail addresses'],
    ['MAIL_FROM', 'TaskFlow', 'must be an address'],
    ['MAIL_FROM', 'TaskFlow <a@example.com>, b@example.com', 'must be an address'],
    ['MAIL_FROM', 'a\nBcc: b@example.com', 'must be an address'],
    ['AUTH_TOKEN_MS', '1000', 'must be a whole number'],
    ['AUTH_OIDC_NAME', 'a'.repeat(61), 'must be at most 60 characters'],
    ['SMTP_URL', 'https://mail.example', 'must be a URL that starts with smtp:// or smtps://'],
  ])('of %s: %j is refused', (variable, value, why) => {
    expect(faultOf({ [variable]: value })).toMatch(new RegExp(`^${variable} ${why}`));
  });

  test('of AUTH_OPERATORS are compared without case', () => {
    expect([...loadConfig({ AUTH_OPERATORS: 'Alice@Example.com, bob@example.com' }).operators]).toEqual([
      'alice@example.com',
      'bob@example.com',
    ]);
  });
});
