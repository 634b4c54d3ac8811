import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StoreUnavailableError } from '../../core/domain/errors.ts';
import type { Role } from '../../core/domain/vocabulary.ts';
import { JsonWebTokens, type TokenConfig } from './json-web-tokens.ts';
import { UnauthenticatedError } from './unauthenticated-error.ts';

const NOW = 1_800_000_000_000;
const SECOND = NOW / 1_000;
const SECRET = 'a secret of thirty-two bytes or so';
const NONE: TokenConfig = {
  jwtSecret: undefined,
  jwksUrl: undefined,
  jwtIssuer: undefined,
  jwtAudience: undefined,
  tenantClaim: undefined,
  roleClaim: 'role',
  roleMap: new Map(),
  nameClaim: 'name',
};

const bytes = (secret: string) => new TextEncoder().encode(secret);
const claims = (more: object = {}): JWTPayload => ({ sub: 'alice', exp: SECOND + 600, ...more });
const signed = (payload: JWTPayload, secret = SECRET) =>
  new SignJWT(payload).setProtectedHeader({ alg: 'HS256' }).sign(bytes(secret));
const raw = (header: object, payload: object, signature = '') =>
  [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.') +
  `.${signature}`;

function bySecret(config: Partial<TokenConfig> = {}) {
  return new JsonWebTokens({ ...NONE, jwtSecret: SECRET, ...config }, () => NOW);
}

/** Why a token is refused; null: it is not. */
async function faultOf(tokens: JsonWebTokens, token: string): Promise<string | null> {
  return tokens.verify(token).then(
    () => null,
    (error) => (error instanceof UnauthenticatedError ? error.fault : String(error)),
  );
}

describe('a token that is signed with the secret', () => {
  test('says who calls, in the default tenant and as a USER unless its claims say otherwise', async () => {
    expect(await bySecret().verify(await signed(claims()))).toEqual({
      ...{ owner: 'alice', tenant: 'default', role: 'USER', name: null },
      ...{ scopes: null, apiTokenId: null, sessionId: null, expiresAt: NOW + 600_000 },
    });
  });

  test.each<[string, object, string | null]>([
    ['has expired', { exp: SECOND - 61 }, 'expired'],
    ['expired within the tolerated difference of clocks', { exp: SECOND - 59 }, null],
    ['is not valid yet', { nbf: SECOND + 61 }, 'invalid'],
    ['is not valid yet within the tolerated difference', { nbf: SECOND + 59 }, null],
    ['has no end', { exp: undefined }, 'invalid'],
    ['has no subject', { sub: undefined }, 'invalid'],
    ['has an empty subject', { sub: '' }, 'invalid'],
    ['has a subject that cannot be stored', { sub: 'a\0b' }, 'invalid'],
    ['has a number as its subject', { sub: 42 as never }, null],
    ['has a number that is not exact', { sub: (2 ** 53) as never }, 'invalid'],
    ['has a subject of 256 characters', { sub: 'a'.repeat(256) }, 'invalid'],
  ])('that %s is refused or not', async (_what, more, fault) => {
    expect(await faultOf(bySecret(), await signed(claims(more)))).toBe(fault);
  });

  test.each([
    ['another issuer', { iss: 'https://other.example' }, 'invalid'],
    ['no issuer', {}, 'invalid'],
    ['the issuer', { iss: 'https://id.example' }, null],
  ])('with %s is refused or not where an issuer is required', async (_what, more, fault) => {
    expect(await faultOf(bySecret({ jwtIssuer: 'https://id.example' }), await signed(claims(more)))).toBe(
      fault,
    );
  });

  test.each([
    ['another audience', { aud: 'other' }, 'invalid'],
    ['no audience', {}, 'invalid'],
    ['the audience among others', { aud: ['other', 'taskflow'] }, null],
  ])('with %s is refused or not where an audience is required', async (_what, more, fault) => {
    expect(await faultOf(bySecret({ jwtAudience: 'taskflow' }), await signed(claims(more)))).toBe(fault);
  });
});

describe('a token is refused', () => {
  const head = { alg: 'HS256' };
  test.each([
    ['without a signature', raw({ alg: 'none' }, claims()), 'invalid'],
    ['with an empty signature', raw(head, claims()), 'invalid'],
    ['with parts that are missing', 'a.b', 'invalid'],
    ['that is no token', 'x', 'invalid'],
    ['that is empty', '', 'invalid'],
  ])('%s', async (_what, token, fault) => {
    expect(await faultOf(bySecret(), token)).toBe(fault);
  });

  test('with another secret, and by another HMAC than the one that is expected', async () => {
    expect(await faultOf(bySecret(), await signed(claims(), `${SECRET}!`))).toBe('invalid');
    const byOther = await new SignJWT(claims())
      .setProtectedHeader({ alg: 'HS512' })
      .sign(bytes(SECRET.repeat(2)));
    expect(await faultOf(bySecret({ jwtSecret: SECRET.repeat(2) }), byOther)).toBe('invalid');
  });

  test('with a word changed', async () => {
    const [head64, , signature] = (await signed(claims())).split('.');
    const other = Buffer.from(JSON.stringify(claims({ sub: 'bob' }))).toString('base64url');
    expect(await faultOf(bySecret(), `${head64}.${other}.${signature}`)).toBe('invalid');
  });
});

describe('a token that is used again', () => {
  /** Its verifications are counted: each asks for the key. */
  async function start() {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const at = { now: NOW, verified: 0, key: publicKey };
    const keys = async () => {
      at.verified++;
      return at.key;
    };
    const token = await new SignJWT(claims()).setProtectedHeader({ alg: 'ES256' }).sign(privateKey);
    return { at, token, tokens: new JsonWebTokens(NONE, () => at.now, keys) };
  }

  test('is verified once, by any number of requests at once and after each other', async () => {
    const { at, token, tokens } = await start();
    const callers = await Promise.all(Array.from({ length: 100 }, () => tokens.verify(token)));
    expect(new Set(callers.map(({ owner }) => owner))).toEqual(new Set(['alice']));
    await tokens.verify(token);
    expect(at.verified).toBe(1);
  });

  test('is refused from its end on', async () => {
    const { at, token, tokens } = await start();
    at.now = NOW + 659_999;
    expect(await faultOf(tokens, token)).toBe(null);
    at.now++;
    expect(await faultOf(tokens, token)).toBe('expired');
  });

  test('is refused a minute after its key was replaced', async () => {
    const { at, token, tokens } = await start();
    await tokens.verify(token);
    at.key = (await generateKeyPair('ES256')).publicKey;
    at.now += 60_000;
    expect(await faultOf(tokens, token)).toBe('invalid');
  });

  test('is no other token with the same beginning', async () => {
    const { token, tokens } = await start();
    await tokens.verify(token);
    expect(await faultOf(tokens, `${token.slice(0, -4)}AAAA`)).toBe('invalid');
  });
});

describe('the claims', () => {
  const callerOf = async (config: Partial<TokenConfig>, more: JWTPayload) =>
    bySecret(config).verify(await signed(claims(more)));

  test.each<[unknown, Role]>([
    ['ADMIN', 'ADMIN'],
    ['operator', 'OPERATOR'],
    [['USER', 'ADMIN', 'x'], 'ADMIN'],
    [['SERVICE', 'USER'], 'SERVICE'],
    ['root', 'USER'],
    ['adm\u0131n', 'USER'],
    ['\u017fervice', 'USER'],
    [{ ADMIN: true }, 'USER'],
    [42, 'USER'],
    [null, 'USER'],
  ])('of the role %o give the role %s', async (role, expected) => {
    expect(await callerOf({}, { role })).toMatchObject({ role: expected });
  });

  test('of the role are read by the words of the identity provider, and by no others, where these are given', async () => {
    const config = { roleClaim: 'realm_access.roles', roleMap: new Map([['tf-admins', 'ADMIN' as const]]) };
    expect(await callerOf(config, { realm_access: { roles: ['x', 'tf-admins'] } })).toMatchObject({
      role: 'ADMIN',
    });
    expect(await callerOf(config, { realm_access: { roles: ['OPERATOR'] } })).toMatchObject({ role: 'USER' });
    expect(await callerOf(config, { role: 'ADMIN' })).toMatchObject({ role: 'USER' });
  });

  test('of the tenant, also under a name that is a URL', async () => {
    const tenantClaim = 'https://example.com/org.id';
    expect(await callerOf({ tenantClaim }, { [tenantClaim]: 'acme' })).toMatchObject({ tenant: 'acme' });
    expect(await callerOf({ tenantClaim }, {})).toMatchObject({ tenant: 'default' });
    expect(await callerOf({ tenantClaim }, { [tenantClaim]: null })).toMatchObject({ tenant: 'default' });
    expect(await callerOf({}, { [tenantClaim]: 'acme' })).toMatchObject({ tenant: 'default' });
    for (const tenant of ['', 'a\0', {}, ['acme'], 'x'.repeat(256)])
      await expect(callerOf({ tenantClaim }, { [tenantClaim]: tenant })).rejects.toThrow(
        UnauthenticatedError,
      );
  });

  test('of the name are cut and shown, and nothing that is inherited is read', async () => {
    expect(await callerOf({}, { name: ` Alice${'e'.repeat(300)}` })).toMatchObject({
      name: `Alice${'e'.repeat(250)}`,
    });
    expect(await callerOf({ nameClaim: 'constructor.name' }, {})).toMatchObject({ name: null });
  });
});

describe('the public keys of an identity provider', () => {
  let server: Server;
  let url: string;
  let requests = 0;
  let answer: { status: number; body: unknown };
  beforeAll(async () => {
    server = createServer((_request, response) => {
      requests++;
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer.body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const byKeys = (config: Partial<TokenConfig> = {}) =>
    new JsonWebTokens({ ...NONE, jwksUrl: url, jwtAudience: 'taskflow', ...config }, () => NOW);
  const payload = claims({ aud: 'taskflow' });
  async function keyPair(alg: string, kid: string) {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' };
    const token = await new SignJWT(payload).setProtectedHeader({ alg, kid }).sign(privateKey);
    return { jwk, token, publicKey };
  }

  test.each(['RS256', 'ES256', 'EdDSA'])('verify a token by %s', async (alg) => {
    const { jwk, token } = await keyPair(alg, 'k');
    answer = { status: 200, body: { keys: [jwk] } };
    expect(await byKeys().verify(token)).toMatchObject({ owner: 'alice' });
  });

  test('are not taken for the secret of an HMAC', async () => {
    const { jwk, publicKey } = await keyPair('RS256', 'k');
    answer = { status: 200, body: { keys: [jwk] } };
    const confused = await new SignJWT(payload)
      .setProtectedHeader({ alg: 'HS256', kid: 'k' })
      .sign(bytes(await exportSPKI(publicKey)));
    expect(await faultOf(byKeys(), confused)).toBe('invalid');
    expect(await faultOf(byKeys({ jwtSecret: SECRET }), confused)).toBe('invalid');
  });

  test('are read once for many tokens, and again for a key that is new', async () => {
    const [old, next] = [await keyPair('ES256', 'old'), await keyPair('ES256', 'next')];
    answer = { status: 200, body: { keys: [old.jwk] } };
    const tokens = byKeys();
    const before = requests;
    for (let i = 0; i < 5; i++) await tokens.verify(old.token);
    expect(requests - before).toBe(1);
    // Within the pause between two reads an unknown key is refused without asking again.
    answer = { status: 200, body: { keys: [old.jwk, next.jwk] } };
    expect(await faultOf(tokens, next.token)).toBe('invalid');
    expect(requests - before).toBe(1);
    expect(await byKeys().verify(next.token)).toMatchObject({ owner: 'alice' });
  });

  test('that cannot be read are no fault of the token', async () => {
    const { token } = await keyPair('ES256', 'k');
    for (const status of [500, 404]) {
      answer = { status, body: {} };
      await expect(byKeys().verify(token)).rejects.toThrow(StoreUnavailableError);
    }
    answer = { status: 200, body: 'no keys' };
    await expect(byKeys().verify(token)).rejects.toThrow(StoreUnavailableError);
    await expect(byKeys({ jwksUrl: 'http://127.0.0.1:1/jwks' }).verify(token)).rejects.toThrow(
      StoreUnavailableError,
    );
  });

  test('stand beside a secret: each token is verified by its own kind of key', async () => {
    const { jwk, token } = await keyPair('ES256', 'k');
    answer = { status: 200, body: { keys: [jwk] } };
    const tokens = byKeys({ jwtSecret: SECRET });
    expect(await tokens.verify(token)).toMatchObject({ owner: 'alice' });
    expect(await tokens.verify(await signed(payload))).toMatchObject({ owner: 'alice' });
  });
});
