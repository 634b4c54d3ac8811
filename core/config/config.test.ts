import { describe, expect, test } from 'vitest';
import { loadConfig } from './config.ts';

describe('ALLOWED_ORIGINS', () => {
  test.each([
    [undefined, []],
    ['', []],
    ['https://app.example.com', ['https://app.example.com']],
    [
      ' https://app.example.com , http://localhost:5173,http://[::1]:3000',
      ['https://app.example.com', 'http://localhost:5173', 'http://[::1]:3000'],
    ],
  ])('%j is read as %j', (value, origins) => {
    expect(loadConfig({ ALLOWED_ORIGINS: value }).allowedOrigins).toEqual(origins);
  });

  test.each([
    '*',
    'null',
    'app.example.com',
    'https://app.example.com/',
    'https://app.example.com/path',
    'https://App.example.com',
    'https://app.example.com:443',
    'https://*.example.com',
    'https://user@app.example.com',
    'ftp://app.example.com',
    'file://',
    'https://a.example,',
    'https://a.example https://b.example',
  ])('refuses %j with a message that names the variable', (value) => {
    expect(() => loadConfig({ ALLOWED_ORIGINS: value })).toThrow(
      /^ALLOWED_ORIGINS must be origins such as https:\/\/app\.example\.com[^\n]*$/,
    );
  });
});

describe('ALLOWED_HOSTS', () => {
  test.each([
    [undefined, []],
    ['chat.example.com', ['chat.example.com']],
    [
      'chat.example.com, my_server,10.1.2.3,2001:db8::1',
      ['chat.example.com', 'my_server', '10.1.2.3', '2001:db8::1'],
    ],
  ])('%j is read as %j', (value, hosts) => {
    expect(loadConfig({ ALLOWED_HOSTS: value }).allowedHosts).toEqual(hosts);
  });

  test.each([
    '*',
    '*.example.com',
    'Chat.example.com',
    'chat.example.com:8080',
    'http://chat.example.com',
    'chat.example.com/',
    '.example.com',
    'example.com.',
    'a.example,',
    'a.example b.example',
  ])('refuses %j with a message that names the variable', (value) => {
    expect(() => loadConfig({ ALLOWED_HOSTS: value })).toThrow(/^ALLOWED_HOSTS must be host names[^\n]*$/);
  });
});

describe.each([
  ['GRAPHIQL', 'graphiql'],
  ['INTROSPECTION', 'introspection'],
] as const)('%s', (variable, name) => {
  const ACCOUNTS = { AUTH_MODE: 'accounts', AUTH_SECRET: 'x'.repeat(32) };

  test.each([
    {},
    { HOST: '::1' },
    { ALLOWED_HOSTS: 'localhost' },
    { ...ACCOUNTS, AUTH_URL: 'http://localhost:4000' },
    { ...ACCOUNTS, AUTH_URL: 'http://[::1]:4000' },
  ])('is on by default where only this machine can call: %j', (env) => {
    expect(loadConfig(env)[name]).toBe(true);
    expect(loadConfig({ ...env, [variable]: '0' })[name]).toBe(false);
  });

  test.each([
    { HOST: '0.0.0.0', AUTH_MODE: 'none' },
    { HOST: '192.168.1.5', AUTH_JWT_SECRET: 'x'.repeat(32) },
    { ALLOWED_HOSTS: 'chat.example.com' },
    { ...ACCOUNTS, AUTH_URL: 'https://chat.example.com' },
  ])('is off by default where others can: %j', (env) => {
    expect(loadConfig(env)[name]).toBe(false);
    expect(loadConfig({ ...env, [variable]: '1' })[name]).toBe(true);
  });
});

test('GraphiQL is off by default where only listed operations are executed, as it has others', () => {
  const env = { PERSISTED_OPERATIONS: 'only' };
  expect(loadConfig(env)).toMatchObject({ graphiql: false, introspection: true });
  expect(loadConfig({ ...env, GRAPHIQL: '1' }).graphiql).toBe(true);
});

describe('TRUSTED_PROXIES', () => {
  test.each([
    [undefined, ['loopback']],
    ['10.1.2.3', ['10.1.2.3']],
    ['loopback, 10.0.0.0/8,2001:db8::/32', ['loopback', '10.0.0.0/8', '2001:db8::/32']],
  ])('%j is read as %j', (value, proxies) => {
    expect(loadConfig({ TRUSTED_PROXIES: value }).trustedProxies).toEqual(proxies);
  });

  test.each(['*', 'proxy', '10.0.0.0/33', '0.0.0.0/0', '10.0.0', '10.0.0.0/8,', 'true', '1'])(
    'refuses %j with a message that names the variable',
    (value) => {
      expect(() => loadConfig({ TRUSTED_PROXIES: value })).toThrow(
        /^TRUSTED_PROXIES must be addresses[^\n]*$/,
      );
    },
  );
});

describe('FEDERATION', () => {
  test.each([
    [undefined, false],
    ['', false],
    ['0', false],
    ['1', true],
  ])('%j is read as %j', (value, federation) => {
    expect(loadConfig({ FEDERATION: value }).federation).toBe(federation);
  });

  test.each(['true', 'yes', '2', ' 1'])('refuses %j with a message that names the variable', (value) => {
    expect(() => loadConfig({ FEDERATION: value })).toThrow(/^FEDERATION must be 0 or 1$/);
  });
});

describe('who may call', () => {
  const secret = { AUTH_JWT_SECRET: 'a secret of thirty-two bytes, or so' };
  const keys = { AUTH_JWKS_URL: 'https://id.example.com/jwks', AUTH_JWT_AUDIENCE: 'taskflow' };

  test.each([
    ['the one local user', {}, 'none'],
    ['the one local user', { HOST: '127.0.0.1' }, 'none'],
    ['everyone, if that is said', { HOST: '0.0.0.0', AUTH_MODE: 'none' }, 'none'],
    ['who has a token', secret, 'token'],
    ['who has a token', { HOST: '0.0.0.0', ...secret }, 'token'],
    ['who has a token', { HOST: '0.0.0.0', AUTH_MODE: 'token', ...keys }, 'token'],
    ['who has a token', { ...secret, ...keys }, 'token'],
  ])('is %s with %j', (_who, env, mode) => {
    expect(loadConfig(env).authMode).toBe(mode);
  });

  test.each([
    [
      { HOST: '0.0.0.0' },
      /^HOST 0\.0\.0\.0 can be reached .* AUTH_JWT_SECRET or AUTH_JWKS_URL, or AUTH_MODE=none/,
    ],
    [{ AUTH_MODE: 'token' }, /^AUTH_MODE token requires AUTH_JWT_SECRET or AUTH_JWKS_URL$/],
    [{ AUTH_MODE: 'none', ...secret }, /^AUTH_MODE is none, but AUTH_JWT_SECRET or AUTH_JWKS_URL is set/],
    [{ AUTH_JWKS_URL: keys.AUTH_JWKS_URL }, /^AUTH_JWKS_URL requires AUTH_JWT_AUDIENCE/],
    [{ AUTH_JWT_SECRET: 'hunter2' }, /^AUTH_JWT_SECRET must be at least 32 bytes long$/],
    [{ ...secret, AUTH_ROLE_MAP: 'admins:ROOT' }, /^AUTH_ROLE_MAP must be pairs such as admins:ADMIN/],
    [{ ...secret, AUTH_ROLE_CLAIM: 'two words' }, /^AUTH_ROLE_CLAIM must be the name of a claim/],
  ])('is not left open by %j: one line says what is wrong', (env, message) => {
    expect(() => loadConfig(env)).toThrow(message);
  });

  test('words of an identity provider may hold colons', () => {
    const { roleMap } = loadConfig({ ...secret, AUTH_ROLE_MAP: 'urn:x:admins:ADMIN, ops:OPERATOR' });
    expect([...roleMap]).toEqual([
      ['urn:x:admins', 'ADMIN'],
      ['ops', 'OPERATOR'],
    ]);
  });
});
