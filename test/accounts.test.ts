import { randomUUID } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AccountsArgumentError, setRole } from '../server/accounts/set-role.ts';
import { describeBackends } from './support/backends.ts';
import { Frames } from './support/frames.ts';
import { type Data, startTestSystem, type TestSystem } from './support/harness.ts';
import { CONVERSATION, CREATE, SEND } from './support/operations.ts';
import { rawRequest, upgradeStatus } from './support/raw-http.ts';
import { createApiToken, requestAs, tokenFor, WITH_TOKENS } from './support/tokens.ts';
import { linkMailedTo, newAddress, PASSWORD, Visitor, WITH_ACCOUNTS } from './support/visitor.ts';

const WHO = '{ viewer { id tenant role name } }';
const CHANGES = 'subscription { conversationChanges { kind conversationId } }';
const MINE = '{ conversations(first: 10) { edges { node { id } } } }';
const OPERATOR = 'olga@example.com';
/** Of a conversation: a guest may have used the same one as the person who they are then. */
const KEY = randomUUID();

await describeBackends('accounts', ({ env }) => {
  let system: TestSystem;
  beforeAll(async () => {
    system = await startTestSystem({
      ...(await env()),
      ...WITH_ACCOUNTS,
      AUTH_GUESTS: '1',
      SIGN_INS_PER_ADDRESS: '5',
      SIGN_INS_PER_USER: '3',
      GUESTS_PER_ADDRESS: '2',
      AUTH_OPERATORS: OPERATOR,
      AUTH_JWT_SECRET: WITH_TOKENS.AUTH_JWT_SECRET,
    });
  });
  afterAll(() => system.stop());

  const visitor = () => new Visitor(system.url);
  /** Somebody who has signed up. */
  async function person(email = newAddress()): Promise<Visitor> {
    const someone = visitor();
    expect(await someone.signUp(email)).toMatchObject({ status: 200 });
    return someone;
  }

  /** Somebody without a password, whose hash is most of what a person costs. */
  async function guest(): Promise<Visitor> {
    const someone = visitor();
    expect(await someone.post('/auth/sign-in/anonymous')).toMatchObject({ status: 200 });
    return someone;
  }

  /** A socket that listens by a token. */
  async function listening(token: string): Promise<Frames> {
    const frames = await Frames.open(system.url);
    frames.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    expect(await frames.next()).toEqual({ type: 'connection_ack' });
    frames.send({ id: 'a', type: 'subscribe', payload: { query: CHANGES } });
    return frames;
  }

  test('who signs up gets a token of a quarter of an hour, and calls the API as themselves', async () => {
    const alice = visitor();
    const { status, body } = await alice.signUp(newAddress(), { name: '  Alice\n', role: 'OPERATOR' });
    expect([status, body.user.emailVerified]).toEqual([200, false]);
    const { iat = 0, exp = 0, iss, aud } = decodeJwt(await alice.token());
    expect([exp - iat, iss, aud]).toEqual([900, 'taskflow', 'taskflow']);
    expect(await alice.viewer()).toEqual({
      ...{ id: body.user.id, tenant: 'default', role: 'USER', name: 'Alice' },
    });
    expect(await alice.post('/auth/update-user', { role: 'OPERATOR' })).toMatchObject({ status: 400 });
    expect(await alice.post('/auth/update-user', { name: { a: 1 }, image: 'javascript:1' })).toMatchObject({
      status: 200,
    });
    expect(await alice.viewer()).toMatchObject({ role: 'USER', name: null });
  });

  test('a token of another issuer is accepted beside those of people, and cannot pass for one', async () => {
    expect(await requestAs(system.url, await tokenFor({ sub: 'a service' }), WHO)).toMatchObject({
      data: { viewer: { id: 'a service' } },
    });
    const passing = await tokenFor({ sub: 'mallory', ...{ iss: 'taskflow', aud: 'taskflow', sid: 'x' } });
    expect(await requestAs(system.url, passing, WHO)).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });

  describe('signing out', () => {
    test('ends the token, and no other is given', async () => {
      const alice = await person();
      const token = await alice.token();
      expect(await requestAs(system.url, token, WHO)).toHaveProperty('data.viewer');
      const frames = await listening(token);
      const before = new Map(alice.cookies);
      expect(await alice.post('/auth/sign-out')).toMatchObject({ status: 200 });
      // The token is trusted for up to 3 s more, but what it opens now is closed as well.
      const late = await Frames.open(system.url);
      late.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
      expect(await frames.closed).toMatchObject({ code: 4403 });
      expect(alice.cookies.size).toBe(0);
      expect(await alice.get('/auth/token')).toMatchObject({ status: 401 });
      for (const [name, value] of before) alice.cookies.set(name, value);
      expect(await alice.get('/auth/token')).toMatchObject({ status: 401 });
      await expect
        .poll(() => requestAs(system.url, token, WHO), { interval: 100 })
        .toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
      expect([4401, 4403]).toContain((await late.closed).code);
    });

    test('everywhere ends every session of the person, and nobody else’s', async () => {
      const email = newAddress();
      const [here, there, other] = [await person(email), visitor(), await person()];
      await there.signIn(email);
      const [sockets, others] = [await listening(await there.token()), await listening(await other.token())];
      expect(await here.post('/auth/revoke-sessions')).toMatchObject({ status: 200 });
      expect(await sockets.closed).toMatchObject({ code: 4403 });
      expect(await there.get('/auth/token')).toMatchObject({ status: 401 });
      expect(await other.token()).toBeTruthy();
      expect(others.socket.readyState).toBe(others.socket.OPEN);
      await others.close();
    });
  });

  describe('a password', () => {
    test('that is wrong, and an address that nobody has, are refused in one form', async () => {
      const email = newAddress();
      await person(email);
      const refusals = [
        await visitor().signIn(email, 'a wrong password'),
        await visitor().signIn(newAddress(), 'a wrong password'),
      ].map(({ status, body }) => ({ status, body }));
      expect(refusals[0]).toMatchObject({ status: 401, body: { code: 'INVALID_EMAIL_OR_PASSWORD' } });
      expect(refusals[1]).toEqual(refusals[0]);
    });

    test.each([
      ['9 characters', 'a'.repeat(9), 400],
      ['10 characters', 'a'.repeat(10), 200],
      ['128 characters', 'a'.repeat(128), 200],
      ['129 characters', 'a'.repeat(129), 400],
    ])('of %s is taken or not', async (_what, password, status) => {
      expect(await visitor().signUp(newAddress(), { password })).toMatchObject({ status });
    });

    test('is reset by the link of a mail, once, which ends every session and socket', async () => {
      const email = newAddress();
      const [alice, other] = [await person(email), visitor()];
      await other.signIn(email);
      const frames = await listening(await alice.token());
      expect(await visitor().post('/auth/request-password-reset', { email })).toMatchObject({ status: 200 });
      const { headers } = await visitor().get(await linkMailedTo(system, email, /password/));
      const page = new URL(headers.get('location') ?? '', system.url);
      expect([page.origin, page.pathname]).toEqual([system.url, '/reset-password']);
      const reset = { token: page.searchParams.get('token'), newPassword: 'another long password' };
      expect(await visitor().post('/auth/reset-password', reset)).toMatchObject({ status: 200 });
      expect(await frames.closed).toMatchObject({ code: 4403 });
      for (const one of [alice, other]) expect(await one.get('/auth/token')).toMatchObject({ status: 401 });
      expect(await visitor().post('/auth/reset-password', reset)).toMatchObject({ status: 400 });
      expect(await alice.signIn(email, PASSWORD)).toMatchObject({ status: 401 });
      expect(await alice.signIn(email, 'another long password')).toMatchObject({ status: 200 });
      expect(await alice.token()).toBeTruthy();
    });

    test('that is another one signs everyone else out', async () => {
      const email = newAddress();
      const [alice, other] = [await person(email), visitor()];
      await other.signIn(email);
      const change = { currentPassword: PASSWORD, newPassword: 'another long password' };
      const changed = await alice.post('/auth/change-password', { ...change, revokeOtherSessions: false });
      expect(changed).toMatchObject({ status: 200 });
      expect(await other.get('/auth/token')).toMatchObject({ status: 401 });
      expect(await alice.token()).toBeTruthy();
    });

    test('is not in the database, and neither is what a mail’s link has', async () => {
      const email = newAddress();
      await person(email);
      await visitor().post('/auth/request-password-reset', { email });
      const link = new URL(await linkMailedTo(system, email, /password/));
      const { prisma } = system.app.database;
      const rows = JSON.stringify([await prisma.account.findMany(), await prisma.verification.findMany()]);
      expect(rows).not.toContain(PASSWORD);
      expect(rows).not.toContain(link.pathname.split('/').at(-1));
    });

    test('of an address without an account is not reset, which the answer does not show', async () => {
      const email = newAddress();
      await person(email);
      const known = await visitor().post('/auth/request-password-reset', { email });
      const unknown = await visitor().post('/auth/request-password-reset', { email: newAddress() });
      expect([unknown.status, unknown.body]).toEqual([known.status, known.body]);
    });
  });

  describe('a cookie', () => {
    test('is HttpOnly, SameSite=Lax, and not Secure on this machine', async () => {
      const { headers } = await visitor().signUp(newAddress());
      const [cookie = '', ...more] = headers.getSetCookie();
      expect(more).toEqual([]);
      expect(cookie).toMatch(/^taskflow\.session_token=[^;]+; /);
      const attributes = cookie.split('; ').slice(1);
      expect(attributes.toSorted()).toEqual(['HttpOnly', 'Max-Age=604800', 'Path=/', 'SameSite=Lax']);
    });

    test('of a session that is over is left to the browser, which may have another one by then', async () => {
      const email = newAddress();
      const alice = await person(email);
      const before = new Map(alice.cookies);
      await alice.post('/auth/sign-out');
      for (const [name, value] of before) alice.cookies.set(name, value);
      for (const path of ['/auth/token', '/auth/get-session', '/auth/list-sessions'])
        expect((await alice.get(path)).headers.getSetCookie()).toEqual([]);
      expect((await alice.signIn(email, 'a wrong password')).headers.getSetCookie()).toEqual([]);
      const signedIn = await alice.signIn(email);
      expect(signedIn.headers.getSetCookie()).toEqual([expect.stringMatching(/session_token=[^;]/)]);
      expect(await alice.token()).toBeTruthy();
    });

    test('alone is nobody for the API, on every transport', async () => {
      const alice = await guest();
      const { cookie } = alice;
      const query = `${system.url}/graphql?query=${encodeURIComponent(WHO)}`;
      const headers = { cookie, origin: system.url, 'content-type': 'application/json' };
      const posted = await fetch(query, { method: 'POST', headers, body: JSON.stringify({ query: WHO }) });
      const got = await fetch(query, { headers: { cookie, accept: 'application/json' } });
      const streamed = await fetch(query, { headers: { cookie, accept: 'text/event-stream' } });
      for (const response of [posted, got, streamed]) {
        expect(response.status).toBe(401);
        expect(await response.json()).toMatchObject({
          errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
        });
      }
      const frames = await Frames.open(system.url, 'graphql-transport-ws', { cookie, origin: system.url });
      frames.send({ type: 'connection_init' });
      expect(await frames.closed).toMatchObject({ code: 4401 });
      expect(await alice.token()).toBeTruthy();
    });

    test('is not sent for a page of another origin, nor without one', async () => {
      const alice = await guest();
      const foreign = await alice.post('/auth/sign-out', {}, { origin: 'https://evil.example' });
      expect(foreign).toMatchObject({
        status: 403,
        body: { errors: [{ extensions: { code: 'FORBIDDEN_ORIGIN' } }] },
      });
      expect(await alice.post('/auth/sign-out', {}, { origin: 'null' })).toMatchObject({ status: 403 });
      const without = await fetch(`${system.url}/auth/sign-out`, {
        method: 'POST',
        headers: { cookie: alice.cookie, 'content-type': 'application/json' },
        body: '{}',
      });
      expect(without.status).toBe(403);
      expect(await upgradeStatus(system.url, { origin: 'https://evil.example' })).toBe(403);
      expect(await alice.token()).toBeTruthy();
    });
  });

  test('a link to a page of another site is not taken over', async () => {
    const email = newAddress();
    await person(email);
    const redirectTo = 'https://evil.example/reset';
    expect(await visitor().post('/auth/request-password-reset', { email, redirectTo })).toMatchObject({
      status: 403,
    });
    const callbackURL = 'https://evil.example/';
    expect(await visitor().signUp(newAddress(), { callbackURL })).toMatchObject({ status: 403 });
    for (const path of ['/.//evil.example', '/x/..//evil.example', '//evil.example', '/\\evil.example']) {
      const search = new URLSearchParams({ token: 'x', callbackURL: path });
      expect(await visitor().get(`/auth/verify-email?${search}`)).toMatchObject({ status: 403 });
    }
  });

  describe('a signing key', () => {
    test('is followed by another when it expires: tokens of both are accepted', async () => {
      const alice = await guest();
      const first = await alice.token();
      const { prisma } = system.app.database;
      await prisma.jwks.updateMany({ data: { expiresAt: new Date() } });
      const second = await alice.token();
      expect(decodeProtectedHeader(second).kid).not.toBe(decodeProtectedHeader(first).kid);
      for (const token of [first, second])
        expect(await requestAs(system.url, token, WHO)).toHaveProperty('data.viewer');
    });

    test('is public without its private part, and not stored as it is', async () => {
      const alice = await guest();
      const { kid } = decodeProtectedHeader(await alice.token());
      const { body } = await visitor().get('/auth/jwks');
      const key = body.keys.find((one: Data) => one.kid === kid);
      expect(key).toEqual({ kid, alg: 'EdDSA', crv: 'Ed25519', kty: 'OKP', x: expect.any(String) });
      const { privateKey = '' } =
        (await system.app.database.prisma.jwks.findUnique({ where: { id: kid ?? '' } })) ?? {};
      expect(privateKey).not.toContain('Ed25519');
    });
  });

  describe('a role', () => {
    test('is given by the command, for the next token and for API tokens', async () => {
      const email = newAddress();
      const alice = await person(email);
      const { secret } = await createApiToken(system.url, await alice.token(), {
        ...{ name: 'bot', scopes: ['CONVERSATIONS_READ'] },
      });
      expect(await setRole({ email, role: 'ADMIN' }, system.app.database)).toEqual({ isVerified: false });
      expect(await alice.viewer()).toMatchObject({ role: 'ADMIN' });
      await expect
        .poll(() => requestAs(system.url, secret, WHO), { interval: 100 })
        .toMatchObject({ data: { viewer: { role: 'ADMIN' } } });
      await expect(
        setRole({ email: 'nobody@example.com', role: 'USER' }, system.app.database),
      ).rejects.toThrow(AccountsArgumentError);
    });

    test('OPERATOR is that of AUTH_OPERATORS, once they have verified their address', async () => {
      const olga = await person(OPERATOR);
      expect(await olga.viewer()).toMatchObject({ role: 'USER' });
      const { status, headers } = await visitor().get(await linkMailedTo(system, OPERATOR, /Confirm/));
      expect([status, headers.get('location'), headers.getSetCookie()]).toEqual([302, '/', []]);
      expect(await olga.viewer()).toMatchObject({ role: 'OPERATOR' });
      expect(await (await person()).viewer()).toMatchObject({ role: 'USER' });
    });
  });

  describe('a guest', () => {
    test('calls the API without an address, as a user without a name', async () => {
      const one = await guest();
      expect(await one.viewer()).toMatchObject({ tenant: 'default', role: 'USER', name: null });
      expect(await (await guest()).viewer()).not.toEqual(await one.viewer());
    });

    test.each([
      ['signs up', async (one: Visitor) => one.signUp(newAddress())],
      [
        'signs in',
        async (one: Visitor) => {
          const email = newAddress();
          const token = await (await person(email)).token();
          await requestAs(system.url, token, CREATE, { input: { greet: false, clientConversationId: KEY } });
          return one.signIn(email);
        },
      ],
    ])('who %s keeps what they have, and is no guest any more', async (_what, enter) => {
      const one = await guest();
      const token = await one.token();
      const { id } = await one.viewer();
      const input = { greet: false, clientConversationId: KEY };
      const { data } = await requestAs(system.url, token, CREATE, { input });
      const { secret } = await createApiToken(system.url, token, {
        ...{ name: 'bot', scopes: ['CONVERSATIONS_READ'] },
      });
      expect(await enter(one)).toMatchObject({ status: 200 });
      const mine = await requestAs(system.url, await one.token(), MINE);
      expect(mine.data.conversations.edges).toContainEqual({
        node: { id: data.createConversation.conversation.id },
      });
      expect(await one.viewer()).not.toMatchObject({ id });
      const { prisma } = system.app.database;
      expect(await prisma.user.count({ where: { id } })).toBe(0);
      for (const before of [token, secret])
        await expect
          .poll(() => requestAs(system.url, before, WHO), { interval: 100 })
          .toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    });
  });

  test('a guest who signs up while the AI speaks goes on as themselves, and may cut in', async () => {
    const one = visitor();
    await one.post('/auth/sign-in/anonymous');
    const asGuest = await one.token();
    const input = { greet: false, pacing: 'INSTANT' };
    const created = await requestAs(system.url, asGuest, CREATE, { input });
    const { id } = created.data.createConversation.conversation;
    const read = async (token: string): Promise<Data> => {
      const { data } = await requestAs(system.url, token, CONVERSATION, { id });
      return data?.conversation ?? null;
    };
    const send = async (token: string, text: string): Promise<Data> => {
      const { data } = await requestAs(system.url, token, SEND, { input: { conversationId: id, text } });
      return data.sendMessage;
    };
    await send(asGuest, 'What is TaskFlow?');
    const cutOff = await system.upstream.nextRequest();
    await cutOff.send('A place to ');
    await expect.poll(async () => (await read(asGuest)).activeTurn?.text).toBe('A place to ');
    await one.signUp(newAddress());
    const token = await one.token();
    expect(await send(token, 'Go on')).toMatchObject({ __typename: 'SendMessageSuccess' });
    const next = await system.upstream.nextRequest();
    await next.send('talk.');
    await next.finish();
    const said = async () => (await read(token)).messages.nodes.map(({ content }: Data) => content);
    await expect.poll(said).toEqual(['What is TaskFlow?', 'A place to ', 'Go on', 'talk.']);
    expect(await read(asGuest)).toBeNull();
  });

  describe('what is below /auth', () => {
    test('is never stored by a cache', async () => {
      const alice = await guest();
      for (const path of ['token', 'get-session', 'providers', 'jwks', 'nothing'])
        expect((await alice.get(`/auth/${path}`)).headers.get('cache-control')).toBe('no-store');
    });

    test.each(['nothing', 'get-access-token', 'delete-user', '../auth/ok', 'providers/x'])(
      'is nothing at %s, as the rest of the server says it',
      async (path) => {
        expect(await (await guest()).post(`/auth/${path}`)).toMatchObject({
          status: 404,
          body: { errors: [{ extensions: { code: 'NOT_FOUND' } }] },
        });
      },
    );

    test.each(['TRACE', 'PUT', 'PROPFIND'])('is not called with %s', async (method) => {
      const { host } = new URL(system.url);
      const answer = await rawRequest(system.url, `${method} /auth/token HTTP/1.1`, {
        host,
        connection: 'close',
      });
      expect(answer).toMatch(/^HTTP\/1\.1 405 .*\r\n(?:.*\r\n)*allow: GET, HEAD, POST\r\n/);
      expect(answer).toContain('"code":"METHOD_NOT_ALLOWED"');
    });

    test.each([
      ['a body', () => visitor().post('/auth/reset-password', { token: 'one\0two', newPassword: PASSWORD })],
      ['a query', () => visitor().post('/auth/reset-password?token=%00', { newPassword: PASSWORD })],
    ])('takes no NUL character in %s, which the database cannot compare', async (_where, ask) => {
      expect(await ask()).toMatchObject({
        status: 400,
        body: { code: 'INVALID_TEXT', message: expect.stringContaining('NUL') },
      });
    });

    test('takes no body of more than 16 KiB', async () => {
      expect(await visitor().signUp(newAddress(), { name: 'a'.repeat(20_000) })).toMatchObject({
        status: 413,
        body: { errors: [{ extensions: { code: 'REQUEST_ENTITY_TOO_LARGE' } }] },
      });
    });

    test('[P-93] is limited by the address of the caller', async () => {
      const from = (address: string) =>
        visitor().post(
          '/auth/sign-in/email',
          { email: newAddress(), password: 'a wrong password' },
          { 'x-forwarded-for': `192.0.2.9, ${address}`, 'x-taskflow-address': newAddress() },
        );
      for (let i = 0; i < 5; i++) expect(await from('198.51.100.7')).toMatchObject({ status: 401 });
      const limited = await from('198.51.100.7');
      expect(limited).toMatchObject({
        status: 429,
        body: { errors: [{ extensions: { code: 'RATE_LIMITED' } }] },
      });
      expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await from('198.51.100.8')).toMatchObject({ status: 401 });
    });

    test('[P-93] is limited by the person, from wherever it comes, and begins again when they sign in', async () => {
      const email = newAddress();
      await person(email);
      const attempt = (password: string) => visitor().signIn(email.toUpperCase(), password);
      for (let i = 0; i < 2; i++) expect(await attempt('a wrong password')).toMatchObject({ status: 401 });
      expect(await attempt(PASSWORD)).toMatchObject({ status: 200 });
      for (let i = 0; i < 3; i++) expect(await attempt('a wrong password')).toMatchObject({ status: 401 });
      const limited = await attempt(PASSWORD);
      expect(limited).toMatchObject({
        status: 429,
        body: { errors: [{ extensions: { code: 'RATE_LIMITED' } }] },
      });
      expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(200);
      const other = newAddress();
      await person(other);
      expect(await visitor().signIn(other)).toMatchObject({ status: 200 });
    });

    test('[P-93] as a guest is limited by the address', async () => {
      const guest = () =>
        visitor().post('/auth/sign-in/anonymous', {}, { 'x-forwarded-for': '198.51.100.9' });
      for (const _ of [1, 2]) expect(await guest()).toMatchObject({ status: 200 });
      const limited = await guest();
      expect(limited).toMatchObject({ status: 429 });
      expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(3_000);
    });
  });
});
