import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Frames } from './support/frames.ts';
import { type Data, startTestSystem, type TestSystem } from './support/harness.ts';
import { CREATE } from './support/operations.ts';
import { StreamReader } from './support/stream-reader.ts';
import { createApiToken, requestAs, tokenFor, WITH_TOKENS } from './support/tokens.ts';

const WHO = '{ viewer { id tenant role name } }';
const CHANGES = 'subscription { conversationChanges { kind conversationId } }';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem(WITH_TOKENS);
});
afterAll(() => system.stop());

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** A request to /graphql as it is. */
function post(headers: Record<string, string>, query = WHO): Promise<Response> {
  return fetch(`${system.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
}

/** A socket whose connection_init has this payload, and what the server answered to it. */
async function socketWith(payload: object | null, headers: Record<string, string> = {}) {
  const frames = await Frames.open(system.url, 'graphql-transport-ws', headers);
  frames.send({ type: 'connection_init', ...(payload && { payload }) });
  const answer: Data = await Promise.race([frames.next(), frames.closed]).catch(() => frames.closed);
  return { frames, answer };
}

describe('a token says who is calling', () => {
  const ALICE = { id: 'alice', tenant: 'acme', role: 'ADMIN', name: 'Alice' };
  const token = () => tokenFor({ sub: 'alice', tenant: 'acme', role: 'ADMIN', name: 'Alice' });

  test('over HTTP', async () => {
    expect(await requestAs(system.url, await token(), WHO)).toEqual({ data: { viewer: ALICE } });
  });

  test('over SSE, in both modes', async () => {
    const headers = { ...bearer(await token()), accept: 'text/event-stream' };
    const distinct = new StreamReader(await post(headers), '\n\n');
    expect((await distinct.event()).data).toEqual({ data: { viewer: ALICE } });
    const reserved = await fetch(`${system.url}/graphql`, { method: 'PUT', headers });
    const stream = { ...headers, 'x-graphql-event-stream-token': await reserved.text() };
    const opened = new StreamReader(await fetch(`${system.url}/graphql`, { headers: stream }), '\n\n');
    await fetch(`${system.url}/graphql`, {
      method: 'POST',
      headers: { ...stream, 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ query: WHO, extensions: { operationId: 'a' } }),
    });
    expect((await opened.event()).data).toMatchObject({ payload: { data: { viewer: ALICE } } });
    await opened.leave();
  });

  test('a reserved stream is one that does not exist for every other caller', async () => {
    const reserved = await fetch(`${system.url}/graphql`, { method: 'PUT', headers: bearer(await token()) });
    const streamToken = { 'x-graphql-event-stream-token': await reserved.text() };
    const mallory = bearer(await tokenFor({ sub: 'alice', tenant: 'other' }));
    const accept = { accept: 'text/event-stream' };
    const opened = await fetch(`${system.url}/graphql`, {
      headers: { ...accept, ...streamToken, ...mallory },
    });
    expect(opened.status).toBe(404);
  });

  test.each(['authorization', 'Authorization'])('over WebSocket, by %s in connection_init', async (name) => {
    const { frames, answer } = await socketWith({ [name]: `Bearer ${await token()}` });
    expect(answer).toEqual({ type: 'connection_ack' });
    frames.send({ id: 'a', type: 'subscribe', payload: { query: WHO } });
    expect(await frames.next()).toMatchObject({ payload: { data: { viewer: ALICE } } });
    await frames.close();
  });

  test('over WebSocket, by the header of the handshake', async () => {
    const { frames, answer } = await socketWith(null, bearer(await token()));
    expect(answer).toEqual({ type: 'connection_ack' });
    await frames.close();
  });
});

describe('a caller without a valid token', () => {
  /** By name: the header, and the message and close code that it gets. */
  const CASES: [string, () => Promise<string | null>, RegExp, number][] = [
    ['no token', async () => null, /needs a token/, 4401],
    ['an expired token', async () => `Bearer ${await tokenFor({ sub: 'a' }, -120)}`, /has expired/, 4403],
    ['a token of another secret', async () => `Bearer ${await tokenFor({ sub: 'a' })}x`, /not valid/, 4401],
    ['another scheme', async () => 'Basic YTpi', /neither/, 4401],
    ['an unknown API token', async () => `Bearer tf_${'a'.repeat(43)}`, /not valid/, 4401],
    ['a header of many kilobytes', async () => `Bearer ${'a'.repeat(8_000)}`, /not valid/, 4401],
  ];

  test.each(CASES)(
    '[P-75] is refused in one form on every transport: %s',
    async (_what, header, message, code) => {
      const authorization = await header();
      const headers = authorization === null ? {} : { authorization };
      const refusal = {
        errors: [{ message: expect.stringMatching(message), extensions: { code: 'UNAUTHENTICATED' } }],
      };
      const accepts = ['application/json', 'text/event-stream', 'multipart/mixed;subscriptionSpec=1.0'];
      for (const accept of accepts)
        for (const query of [WHO, CHANGES]) {
          const response = await post({ ...headers, accept }, query);
          expect([response.status, response.headers.get('www-authenticate')]).toEqual([
            401,
            expect.stringMatching(/^Bearer realm="taskflow"/),
          ]);
          expect(await response.json()).toEqual(refusal);
        }
      for (const method of ['PUT', 'DELETE', 'GET']) {
        const response = await fetch(`${system.url}/graphql?query=${encodeURIComponent(WHO)}`, {
          method,
          headers,
        });
        expect([method, response.status, await response.json()]).toEqual([method, 401, refusal]);
      }
      const { answer } = await socketWith(authorization === null ? null : { authorization });
      expect(answer).toEqual({ code, reason: expect.stringMatching(/^UNAUTHENTICATED: /) });
      expect(answer.reason).toMatch(message);
    },
  );

  test('still gets the page of GraphiQL, which has nothing of anybody', async () => {
    const page = await fetch(`${system.url}/graphql`, { headers: { accept: 'text/html' } });
    expect([page.status, page.headers.get('content-type')]).toEqual([
      200,
      expect.stringMatching(/^text\/html/),
    ]);
  });

  test('cannot execute an operation by asking for the page', async () => {
    const query = encodeURIComponent(WHO);
    const page = await fetch(`${system.url}/graphql?query=${query}`, { headers: { accept: 'text/html' } });
    expect(await page.text()).not.toContain('"viewer":{');
  });
});

describe('a socket', () => {
  test('[P-76] is closed with 4403 when its token expires, so that its client comes back with another', async () => {
    const { frames } = await socketWith({ authorization: `Bearer ${await tokenFor({ sub: 'eve' }, 2)}` });
    frames.send({ id: 'a', type: 'subscribe', payload: { query: CHANGES } });
    expect(await frames.closed).toEqual({ code: 4403, reason: 'UNAUTHENTICATED: The token has expired.' });
  });

  const RENEW = /* GraphQL */ `
    mutation ($token: String!) {
      renewSession(input: { token: $token }) {
        __typename
        ... on RenewSessionSuccess { expiresAt viewer { id role } }
        ... on InvalidInputError { fieldErrors { path message } }
        ... on UserError { message }
      }
    }
  `;
  const renewOver = async (frames: Frames, token: string): Promise<Data> => {
    frames.send({ id: 'renew', type: 'subscribe', payload: { query: RENEW, variables: { token } } });
    for (;;) {
      const message = await frames.next();
      if (message.id !== 'renew' || message.type !== 'next') continue;
      await frames.next();
      return message.payload.data.renewSession;
    }
  };

  test('[P-76] goes on by a new token, and what it listens to is not closed', async () => {
    const first = await tokenFor({ sub: 'frank' });
    const { frames } = await socketWith({ authorization: `Bearer ${first}` });
    frames.send({ id: 'a', type: 'subscribe', payload: { query: CHANGES } });
    const longer = await tokenFor({ sub: 'frank', role: 'ADMIN' }, 600);
    expect(await renewOver(frames, longer)).toMatchObject({
      __typename: 'RenewSessionSuccess',
      expiresAt: expect.any(String),
      viewer: { id: 'frank', role: 'ADMIN' },
    });
    await requestAs(system.url, longer, CREATE, { input: { greet: false } });
    expect(await frames.next()).toMatchObject({ id: 'a', type: 'next' });
    frames.send({ id: 'b', type: 'subscribe', payload: { query: WHO } });
    expect(await frames.next()).toMatchObject({ payload: { data: { viewer: { role: 'ADMIN' } } } });
    await frames.close();
  });

  test('does not go on by the token of another viewer, or by none', async () => {
    const { frames } = await socketWith({ authorization: `Bearer ${await tokenFor({ sub: 'gina' })}` });
    expect(await renewOver(frames, await tokenFor({ sub: 'hugo' }))).toMatchObject({
      __typename: 'ForbiddenError',
    });
    expect(await renewOver(frames, await tokenFor({ sub: 'gina', tenant: 'acme' }))).toMatchObject({
      __typename: 'ForbiddenError',
    });
    expect(await renewOver(frames, 'x')).toMatchObject({ fieldErrors: [{ path: 'token' }] });
    expect(await renewOver(frames, await tokenFor({ sub: 'gina' }, -120))).toMatchObject({
      fieldErrors: [{ path: 'token', message: 'The token has expired.' }],
    });
    await frames.close();
  });

  test('is what a session is: over HTTP there is none to renew', async () => {
    const token = await tokenFor({ sub: 'ida' });
    const { data } = await requestAs(system.url, token, RENEW, { token });
    expect(data.renewSession).toMatchObject({ __typename: 'ForbiddenError' });
  });
});

test('[P-76] a stream over SSE ends when its token expires, and other requests are finished', async () => {
  const response = await post(
    { ...bearer(await tokenFor({ sub: 'jo' }, 2)), accept: 'text/event-stream' },
    CHANGES,
  );
  expect(response.status).toBe(200);
  await expect(response.text()).rejects.toThrow();
});

describe('an API token', () => {
  test('calls for its owner, with its scopes, and its secret is shown once', async () => {
    const owner = await tokenFor({ sub: 'kim', tenant: 'acme' });
    const created = await createApiToken(system.url, owner, {
      name: ' My bot ',
      scopes: ['CONVERSATIONS_READ'],
    });
    expect(created).toMatchObject({
      secret: expect.stringMatching(/^tf_[\w-]{43}$/),
      apiToken: {
        name: 'My bot',
        scopes: ['CONVERSATIONS_READ'],
        lastUsedAt: null,
        revokedAt: null,
        expiresAt: null,
      },
    });
    expect(created.secret.startsWith(created.apiToken.prefix)).toBe(true);
    expect(await requestAs(system.url, created.secret, WHO)).toMatchObject({
      data: { viewer: { id: 'kim', tenant: 'acme', role: 'USER' } },
    });
    const LIST = '{ viewer { apiTokens { id name prefix lastUsedAt } } }';
    const { data } = await requestAs(system.url, owner, LIST);
    expect(data.viewer.apiTokens).toEqual([
      {
        id: created.apiToken.id,
        name: 'My bot',
        prefix: created.apiToken.prefix,
        lastUsedAt: expect.any(String),
      },
    ]);
    const rows = await system.app.database.prisma.apiToken.findMany();
    expect(JSON.stringify(rows)).not.toContain(created.secret);
  });

  test.each([
    [{ name: ' ', scopes: ['CONVERSATIONS_READ'] }, ['name']],
    [{ name: 'x'.repeat(101), scopes: ['CONVERSATIONS_READ'] }, ['name']],
    [{ name: 'x', scopes: [] }, ['scopes']],
    [{ name: 'x', scopes: ['CONVERSATIONS_READ'], expiresAt: '2020-01-01T00:00:00Z' }, ['expiresAt']],
  ])('is not created from %o', async (input, paths) => {
    const created = await createApiToken(system.url, await tokenFor({ sub: 'lea' }), input);
    expect(created.fieldErrors.map(({ path }: Data) => path)).toEqual(paths);
  });

  test('is not created with more rights than its owner has', async () => {
    const scopes = ['CONVERSATIONS_READ', 'TELEMETRY_READ'];
    const user = await createApiToken(system.url, await tokenFor({ sub: 'lea' }), { name: 'x', scopes });
    expect(user).toMatchObject({
      __typename: 'ForbiddenError',
      message: expect.stringContaining('TELEMETRY_READ'),
    });
    const admin = await tokenFor({ sub: 'lea', role: 'ADMIN' });
    expect(await createApiToken(system.url, admin, { name: 'x', scopes })).toHaveProperty('secret');
  });

  test('that has expired is refused as such', async () => {
    const expiresAt = new Date(Date.now() + 1_500).toISOString();
    const owner = await tokenFor({ sub: 'mo' });
    const { secret } = await createApiToken(system.url, owner, {
      ...{ name: 'short', scopes: ['CONVERSATIONS_READ'], expiresAt },
    });
    const { frames, answer } = await socketWith({ authorization: `Bearer ${secret}` });
    expect(answer).toEqual({ type: 'connection_ack' });
    expect(await frames.closed).toMatchObject({ code: 4403 });
    await expect
      .poll(() => requestAs(system.url, secret, WHO), { interval: 50 })
      .toMatchObject({ errors: [{ message: 'The token has expired.' }] });
  });
});
