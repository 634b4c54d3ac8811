import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { v7 as uuidv7 } from 'uuid';
import { beforeEach, describe, expect, test } from 'vitest';
import { StoreUnavailableError } from '../../core/domain/errors.ts';
import { claimsOf, OwnTokens } from './own-tokens.ts';
import { isOwnToken, KEY_GRACE_MS } from './token-issuer.ts';

const START = 1_800_000_000_000;

/** The two tables as these tests need them. */
class Tables {
  readonly keys = new Map<string, { publicKey: string; alg: string | null; expiresAt: Date | null }>();
  /** When they end, in Unix milliseconds. */
  readonly sessions = new Map<string, number>();
  reads = 0;
  isAway = false;

  readonly prisma = {
    jwks: {
      findUnique: ({ where }: { where: { id: string } }) => this.#read(this.keys.get(where.id) ?? null),
    },
    session: {
      findMany: ({
        where: { id, expiresAt },
      }: {
        where: { id: { in: string[] }; expiresAt: { gt: Date } };
      }) =>
        this.#read(
          id.in
            .filter((one) => (this.sessions.get(one) ?? 0) > expiresAt.gt.getTime())
            .map((one) => ({ id: one })),
        ),
    },
  };

  async #read<T>(value: T): Promise<T> {
    this.reads++;
    if (this.isAway) throw new StoreUnavailableError('no database');
    return value;
  }

  /** Adds a key. Returns what signs with it. */
  async addKey(expiresAt: Date | null = null) {
    const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
    const kid = uuidv7();
    this.keys.set(kid, { publicKey: JSON.stringify(await exportJWK(publicKey)), alg: 'EdDSA', expiresAt });
    const sign = (claims: JWTPayload) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', kid }).sign(privateKey);
    return { kid, sign };
  }
}

let now: number;
let tables: Tables;
let tokens: OwnTokens;
beforeEach(() => {
  now = START;
  tables = new Tables();
  tokens = new OwnTokens(tables.prisma as unknown as ConstructorParameters<typeof OwnTokens>[0], () => now);
});

function claims(more: JWTPayload = {}): JWTPayload {
  tables.sessions.set('s1', START + 2 * KEY_GRACE_MS);
  const own = { iss: 'taskflow', aud: 'taskflow', sub: 'alice', exp: now / 1_000 + 900 };
  return { ...claimsOf('Alice', 'ADMIN', 's1'), ...own, ...more };
}

const faultOf = (token: string): Promise<string | null> =>
  tokens.verify(token).then(
    () => null,
    (error) => error.fault ?? error.name,
  );

test('a token says who calls, whatever the tokens of an identity provider are called', async () => {
  const { sign } = await tables.addKey();
  expect(await tokens.verify(await sign(claims()))).toEqual({
    ...{ owner: 'alice', tenant: 'default', role: 'ADMIN', name: 'Alice' },
    ...{ scopes: null, apiTokenId: null, sessionId: 's1', expiresAt: START + 900_000 },
  });
});

test.each([
  ['of another issuer', { iss: 'other' }],
  ['for another audience', { aud: 'other' }],
  ['of a session that has ended', { sid: 's2' }],
  ['of no session', { sid: undefined }],
])('a token %s is refused', async (_what, more) => {
  const { sign } = await tables.addKey();
  expect(await faultOf(await sign(claims(more as JWTPayload)))).toBe('invalid');
});

test('which tokens are this server’s own is what they say themselves', async () => {
  const { sign } = await tables.addKey();
  expect(isOwnToken(await sign(claims()))).toBe(true);
  expect(isOwnToken(await sign(claims({ iss: 'https://id.example' })))).toBe(false);
  for (const none of ['', 'x', 'a.b.c', 'tf_x']) expect(isOwnToken(none)).toBe(false);
});

describe('a key', () => {
  test('that is new is looked up at once, and read again after a minute', async () => {
    const first = await (await tables.addKey()).sign(claims());
    expect(await faultOf(first)).toBeNull();
    const { kid, sign } = await tables.addKey();
    const second = await sign(claims());
    expect(await faultOf(second)).toBeNull();
    tables.keys.delete(kid);
    expect(await faultOf(second)).toBeNull();
    now += 61_000;
    expect(await faultOf(second)).toBe('invalid');
  });

  test('that does not exist, or has no id, is refused, and asked for once in a minute', async () => {
    const { kid, sign } = await tables.addKey();
    const token = await sign(claims());
    tables.keys.delete(kid);
    for (const _ of [1, 2, 3]) expect(await faultOf(token)).toBe('invalid');
    expect(tables.reads).toBe(1);
  });

  test('that has expired verifies for as long as its tokens may last, and no longer', async () => {
    const { sign } = await tables.addKey(new Date(START));
    now = START + KEY_GRACE_MS;
    expect(await faultOf(await sign(claims()))).toBeNull();
    now += 61_000;
    expect(await faultOf(await sign(claims()))).toBe('invalid');
  });

  test.each(['RS256', 'ES256', 'HS256', 'none'])('verifies no token by %s', async (alg) => {
    const { kid, sign } = await tables.addKey();
    const [, payload, signature] = (await sign(claims())).split('.');
    const head = Buffer.from(JSON.stringify({ alg, kid })).toString('base64url');
    expect(await faultOf(`${head}.${payload}.${signature}`)).toBe('invalid');
  });

  test('of somebody else under the id of ours does not verify', async () => {
    const ours = await tables.addKey();
    const theirs = await tables.addKey();
    const [, payload, signature] = (await theirs.sign(claims())).split('.');
    const [head] = (await ours.sign(claims())).split('.');
    expect(await faultOf(`${head}.${payload}.${signature}`)).toBe('invalid');
  });
});

describe('a session', () => {
  test('that has expired ends its tokens', async () => {
    const { sign } = await tables.addKey();
    const token = await sign(claims());
    expect(await faultOf(token)).toBeNull();
    tables.sessions.set('s1', START + 60_000);
    now += 60_000;
    expect(await faultOf(token)).toBe('invalid');
  });

  test('that ends ends its tokens within 5 s, with one read in 3 s', async () => {
    const { sign } = await tables.addKey();
    const token = await sign(claims());
    expect(await faultOf(token)).toBeNull();
    const { reads } = tables;
    for (const _ of [1, 2, 3]) expect(await faultOf(token)).toBeNull();
    expect(tables.reads).toBe(reads);
    tables.sessions.delete('s1');
    now += 5_000;
    expect(await faultOf(token)).toBe('invalid');
  });
});

describe('while the database is unavailable', () => {
  test('tokens whose keys are known are accepted until they expire', async () => {
    const { sign } = await tables.addKey();
    const token = await sign(claims());
    expect(await faultOf(token)).toBeNull();
    tables.isAway = true;
    now += 600_000;
    expect(await faultOf(token)).toBeNull();
    now += 400_000;
    expect(await faultOf(token)).toBe('expired');
  });

  test('others are neither accepted nor refused', async () => {
    const { sign } = await tables.addKey();
    tables.isAway = true;
    expect(await faultOf(await sign(claims()))).toBe('StoreUnavailableError');
    tables.isAway = false;
    expect(await faultOf(await sign(claims()))).toBeNull();
  });
});
