import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type Data, startTestSystem, type TestSystem } from './support/harness.ts';
import * as ask from './support/protocol-documents.ts';
import { post, upgradeStatus } from './support/raw-http.ts';
import { openSocket } from './support/raw-socket.ts';

/** The promises of docs/protocol.md about HTTP, server-sent events and WebSocket. */
let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ IDLE_NUDGE_MS: '3600000' });
  system.upstream.answerAll('Well.');
});
afterAll(() => system.stop());

const VIEWER = '{ viewer { id } }';
const MUTATION = 'mutation { createConversation(input: { greet: false }) { __typename } }';

async function conversation(): Promise<{ id: string; after: string }> {
  const { data } = await system.request(ask.CREATE, { input: { greet: false, pacing: 'INSTANT' } });
  const { id, latestEventCursor: after } = data.createConversation.conversation;
  return { id, after };
}
const postAccepting = (accept: string, variables: Data) =>
  fetch(`${system.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify({ query: ask.EVENTS, variables }),
  });
const get = (query: string) => fetch(`${system.url}/graphql?query=${encodeURIComponent(query)}`);

test('[P-60] a query goes by GET or POST, a mutation by POST alone', async () => {
  expect((await get(VIEWER)).status).toBe(200);
  expect((await post(system.url, { query: VIEWER })).status).toBe(200);
  expect((await post(system.url, { query: MUTATION })).status).toBe(200);
  expect((await get(MUTATION)).status).toBe(405);
});

test('[P-60] a subscription over HTTP is answered as server-sent events, else 406', async () => {
  const { id } = await conversation();
  for (const accept of ['application/json', 'application/graphql-response+json'])
    expect((await postAccepting(accept, { id })).status).toBe(406);
});

test('[P-61] server-sent events are next with a result each, then complete', async () => {
  const { id, after } = await conversation();
  const response = await postAccepting('text/event-stream', { id, after });
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const heard = system.listen(ask.EVENTS, { id, after });
  system.upstream.answerAll(null);
  await system.request(ask.SEND, { input: { conversationId: id, text: 'Hi' } });
  const request = await system.upstream.nextRequest();
  system.upstream.answerAll('Well.');
  await request.think('Hm');
  await request.send('Well.');
  await request.finish();
  const events: Data[] = await heard.until('TurnCompleted');
  expect(events.map(({ __typename }) => __typename)).toContain('TurnThinking');
  await system.request(ask.DELETE, { id });
  const blocks = (await response.text()).split('\n\n').filter((block) => block && !block.startsWith(':'));
  const results = blocks.flatMap((block) => /^id: .*\nevent: next\ndata: (.*)$/.exec(block)?.[1] ?? []);
  expect(results.map((result) => JSON.parse(result).data.conversationEvents)).toEqual(events);
  expect(blocks.slice(results.length)).toEqual([expect.stringMatching(/^event: complete/)]);
});

test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''])(
  '[P-62] a POST of the type %j is 415',
  async (type) => {
    expect((await post(system.url, { query: VIEWER }, { 'content-type': type })).status).toBe(415);
  },
);

test('[P-63] a page of an origin that is not allowed is refused with 403, over HTTP and over WebSocket', async () => {
  const origin = 'http://elsewhere.example';
  expect((await post(system.url, { query: VIEWER }, { origin })).status).toBe(403);
  expect(await upgradeStatus(system.url, { origin })).toBe(403);
});

test('[P-64] queries, mutations and subscriptions go over one WebSocket, and one that fails does not affect the others', async () => {
  const { id, after } = await conversation();
  const socket = await openSocket(system.url);
  const subscribe = (id: string, payload: object) => socket.send({ id, type: 'subscribe', payload });
  subscribe('events', { query: ask.EVENTS, variables: { id, after } });
  subscribe('faulty', { query: '{ viewer {' });
  subscribe('query', { query: VIEWER });
  subscribe('mutation', { query: ask.SEND, variables: { input: { conversationId: id, text: 'Hi' } } });
  const came: Data[] = [];
  do came.push(await socket.next());
  while (came.at(-1).payload?.data?.conversationEvents?.__typename !== 'TurnCompleted');
  const of = (id: string) => came.filter((message) => message.id === id).map(({ type }) => type);
  expect(of('faulty')).toEqual(['error']);
  expect(of('query')).toEqual(['next', 'complete']);
  expect(of('mutation')).toEqual(['next', 'complete']);
  expect(new Set(of('events'))).toEqual(new Set(['next']));
  socket.close();
});

const OURS = 'graphql-transport-ws';
const INIT = JSON.stringify({ type: 'connection_init' });
const LISTEN = JSON.stringify({
  id: '1',
  type: 'subscribe',
  payload: { query: 'subscription { conversationChanges { kind } }' },
});

test.each([
  ['1009', 'a message over 1 MiB', [OURS], [' '.repeat(1_048_577)]],
  ['4400', 'a message that is not of the protocol', [OURS], ['garbage']],
  ['4401', 'an operation before connection_init', [OURS], [LISTEN]],
  ['4406', 'not offering graphql-transport-ws', [], [INIT]],
  ['4408', 'no connection_init within 3 s', [OURS], []],
  ['4409', 'an id that is in use', [OURS], [INIT, LISTEN, LISTEN]],
  ['4429', 'a second connection_init', [OURS], [INIT, INIT]],
])('[P-65] a WebSocket is closed with %s for %s', async (code, _what, protocols, messages) => {
  const socket = new WebSocket(`${system.url.replace('http', 'ws')}/graphql`, protocols);
  const closed = once(socket, 'close');
  await once(socket, 'open');
  for (const message of messages) {
    socket.send(message);
    if (message === INIT) await Promise.race([once(socket, 'message'), closed]);
  }
  expect((await closed)[0]).toBe(Number(code));
});

test('[P-85] a request that offers HTTP/2 is served as one that does not, whole and once', async () => {
  const offer = {
    connection: 'Upgrade, HTTP2-Settings',
    upgrade: 'h2c',
    'http2-settings': 'AAMAAABkAAQAAP__',
  };
  const count = async () =>
    (await system.request('{ conversations { totalCount } }')).data.conversations.totalCount;
  const before = await count();
  // The body of the second comes in several pieces.
  for (const more of ['', 'x'.repeat(300_000)]) {
    const answer = await post(system.url, { query: MUTATION, variables: { more } }, offer);
    expect([answer.status, answer.json()]).toEqual([
      200,
      { data: { createConversation: { __typename: 'CreateConversationSuccess' } } },
    ]);
  }
  expect(await count()).toBe(before + 2);
  const { hostname, port } = new URL(system.url);
  const socket = connect(Number(port), hostname);
  // The connection stays open, and takes further offers.
  for (const path of ['/health/live', '/graphql?query={viewer{id}}', '/graphql/nothing']) {
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n`,
    );
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(path === '/graphql/nothing' ? /^HTTP\/1.1 404 / : /^HTTP\/1.1 200 /);
  }
  socket.destroy();
});
