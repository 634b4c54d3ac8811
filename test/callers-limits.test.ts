import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { UnreadBytes } from '../server/transport/unread-bytes.ts';
import { publish } from './support/feed-steps.ts';
import { Frames } from './support/frames.ts';
import { type Data, startTestSystem, type TestSystem } from './support/harness.ts';
import { rowIdOf } from './support/node-ids.ts';
import { CREATE } from './support/operations.ts';
import { type OverheardServer, startOverheardServer } from './support/overheard-server.ts';
import { post } from './support/raw-http.ts';

const TEXT = '\u4E00\u8A00'.repeat(16_000);
const TOO_LARGE = { code: 'RESPONSE_TOO_LARGE', argument: 'first' };

let system: TestSystem;
/** With small limits. */
let server: OverheardServer;
/** A conversation with 100 messages of 32,000 Chinese characters. */
let conversationId: string;
beforeAll(async () => {
  system = await startTestSystem({}, { worker: false });
  server = await startOverheardServer(system, {
    responseMaxBytes: 2_000_000,
    connectionMaxUnreadBytes: 500_000,
    callerMaxUnreadBytes: 3_000_000,
  });
  conversationId = await conversationOf(100, TEXT);
});
afterAll(async () => {
  await server.stop();
  await system.stop();
});

async function conversationOf(count: number, content: string): Promise<string> {
  const { data } = await system.request(CREATE, { input: { greet: false } });
  const { id } = data.createConversation.conversation;
  const rows = Array.from({ length: count }, () => ({
    ...{ id: uuidv7(), conversationId: rowIdOf(id), role: 'USER' as const, status: 'COMPLETED' as const },
    content,
  }));
  await system.app.database.prisma.message.createMany({ data: rows });
  return id;
}

function pageOf(first: number, fields = 'content'): string {
  return `query($id: ID!) { conversation(id: $id) { messages(first: ${first}) { nodes { ${fields} } } } }`;
}

/** How often a bound has refused something. */
async function refusedBy(variable: string): Promise<number> {
  const { values } = await system.app.metrics.limitRefusals.get();
  const counted = values.find(({ labels }) => labels.limit === variable);
  if (!counted) throw new Error(`${variable} is not counted`);
  return counted.value;
}

const aliases = (count: number) => Array.from({ length: count }, (_, n) => `a${n}: content`).join(' ');

describe('a result', () => {
  test('of the largest page, 100 messages of 32,000 Chinese characters, is within the default limit', async () => {
    const { data } = await system.request(pageOf(100), { id: conversationId });
    expect(data.conversation.messages.nodes).toHaveLength(100);
    expect(data.conversation.messages.nodes[99].content).toHaveLength(32_000);
  });

  test('of 30 aliases of the texts of a page is refused by its complexity', async () => {
    const { errors } = await system.request(pageOf(100, aliases(30)), { id: conversationId });
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['QUERY_TOO_COMPLEX']);
  });

  const query = { query: pageOf(10, aliases(3)) };
  test.each([
    ['JSON', 'application/json', (body: string) => JSON.parse(body)],
    [
      'server-sent events',
      'text/event-stream',
      (body: string) => JSON.parse(/^data: (\{.*)$/m.exec(body)?.[1] ?? ''),
    ],
  ])('[P-82] over the limit is one error and no data, as %s', async (_what, accept, read) => {
    const variables = { id: conversationId };
    const { body } = await post(server.url, { ...query, variables }, { accept });
    expect(read(body)).toMatchObject({ data: null, errors: [{ extensions: TOO_LARGE }] });
    const within = await post(server.url, { query: pageOf(10), variables }, { accept });
    expect(read(within.body).data.conversation.messages.nodes).toHaveLength(10);
  });

  test('[P-82] over the limit is one error and no data over WebSocket, and the socket serves on', async () => {
    const frames = await Frames.ready(server.url);
    const variables = { id: conversationId };
    frames.send({ id: '1', type: 'subscribe', payload: { ...query, variables } });
    expect(await frames.next()).toMatchObject({
      payload: { data: null, errors: [{ extensions: TOO_LARGE }] },
    });
    expect(await frames.next()).toEqual({ id: '1', type: 'complete' });
    frames.send({ id: '2', type: 'subscribe', payload: { query: '{ viewer { id } }' } });
    expect(await frames.next()).toMatchObject({ payload: { data: { viewer: { id: 'local' } } } });
    await frames.close();
  });

  test.each([
    ['the names of fields', pageOf(100, `${'a'.repeat(100_000)}: id`)],
    [
      'the fields of fragments',
      `${pageOf(10, '...F ...G')} fragment F on Message { ${aliases(2)} } fragment G on Message { content }`,
    ],
  ])('[P-82] counts %s', async (_what, document) => {
    const { body } = await post(server.url, { query: document, variables: { id: conversationId } });
    expect(JSON.parse(body)).toMatchObject({ data: null, errors: [{ extensions: TOO_LARGE }] });
  });

  test('[P-82] counts introspection, which stops there', async () => {
    const names = Array.from({ length: 250 }, (_, n) => `a${n}: name`).join(' ');
    const schemas = Array.from({ length: 12 }, (_, n) => `s${n}: __schema { types { ...T } }`).join(' ');
    const { errors } = await system.request(`{ ${schemas} } fragment T on __Type { ${names} }`);
    expect(errors?.map(({ extensions }) => extensions)).toEqual([TOO_LARGE]);
  });

  test('[P-82] of a mutation that was done says so', async () => {
    const rename = `mutation($input: UpdateConversationInput!) { updateConversation(input: $input) {
      ... on UpdateConversationSuccess { conversation { title messages(first: 10) { nodes { ${aliases(3)} } } } } } }`;
    const variables = { input: { conversationId, title: 'Renamed' } };
    const { body } = await post(server.url, { query: rename, variables });
    const { data, errors } = JSON.parse(body);
    expect(data).toBeNull();
    expect(errors).toMatchObject([
      { message: expect.stringMatching(/^The mutation was done/), extensions: TOO_LARGE },
    ]);
    const { data: after } = await system.request('query($id: ID!) { conversation(id: $id) { title } }', {
      id: conversationId,
    });
    expect(after.conversation.title).toBe('Renamed');
  });

  test('[P-82] of an event over the limit is the error, and the next event follows', async () => {
    const { data } = await system.request(CREATE, { input: { greet: false } });
    const { id, latestEventCursor: after } = data.createConversation.conversation;
    const frames = await Frames.ready(server.url);
    const titles = Array.from({ length: 70 }, (_, n) => `a${n}: title`).join(' ');
    const events = `subscription($id: ID!, $after: String) { conversationEvents(conversationId: $id, after: $after) {
      ... on ConversationUpdated { ${titles} } } }`;
    frames.send({ id: '1', type: 'subscribe', payload: { query: events, variables: { id, after } } });
    for (const title of ['x'.repeat(30_000), 'short'])
      await publish(system.app.feed, rowIdOf(id), [
        { type: 'ConversationUpdated', title, model: 'm', pacing: 'HUMAN' },
      ]);
    expect(await frames.next()).toMatchObject({
      payload: { data: null, errors: [{ extensions: TOO_LARGE }] },
    });
    expect((await frames.next()).payload.data.conversationEvents.a69).toBe('short');
    await frames.close();
  });

  test('reads no texts where none are asked for', async () => {
    const { data } = await system.request(pageOf(2, 'id role'), { id: conversationId });
    expect(data.conversation.messages.nodes).toHaveLength(2);
    const edges =
      'query($id: ID!) { conversation(id: $id) { messages(first: 1) { edges { node { ...F } } } } } fragment F on Node { ... on Message { content } }';
    const { data: within } = await system.request(edges, { id: conversationId });
    expect(within.conversation.messages.edges[0].node.content).toHaveLength(32_000);
  });
});

describe('what is refused is counted by the variable of its bound', () => {
  const times = (count: number, one: (n: number) => string) =>
    Array.from({ length: count }, (_, n) => one(n)).join(' ');
  test.each([
    ['RESPONSE_MAX_BYTES', pageOf(10, aliases(3))],
    ['DOCUMENT_MAX_CHARACTERS', `{ ${'a'.repeat(200_000)} }`],
    ['DOCUMENT_MAX_LINES', `{ viewer { id ${'\n'.repeat(2_000)} } }`],
    ['DOCUMENT_MAX_TOKENS', `{ viewer { ${'id '.repeat(2_000)} } }`],
    [
      'DOCUMENT_MAX_SELECTIONS',
      `{ ${times(50, (n) => `v${n}: viewer { ...F }`)} } fragment F on Viewer { ${times(100, (n) => `a${n}: id`)} }`,
    ],
    ['DOCUMENT_MAX_COMPARISONS', `{ viewer { ${'id '.repeat(1_900)} } }`],
  ])('%s, each time', async (variable, document) => {
    const before = await refusedBy(variable);
    for (const _ of [1, 2]) await post(server.url, { query: document, variables: { id: conversationId } });
    expect((await refusedBy(variable)) - before).toBe(2);
  });

  test('SOCKET_MAX_PINGS, once for a socket', async () => {
    const before = await refusedBy('SOCKET_MAX_PINGS');
    const frames = await Frames.ready(server.url);
    for (let n = 0; n < 40; n++) frames.send({ type: 'ping' });
    await frames.closed;
    expect((await refusedBy('SOCKET_MAX_PINGS')) - before).toBe(1);
  });
});

describe('a large result', () => {
  const operation = () => ({ query: pageOf(100), variables: { id: conversationId } });
  test('is written in parts over HTTP, and is whole', async () => {
    const response = await fetch(`${system.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(operation()),
    });
    expect(response.headers.get('content-length')).toBeNull();
    const { data } = (await response.json()) as Data;
    const { nodes } = data.conversation.messages;
    expect(nodes.map(({ content }: { content: string }) => content)).toEqual(Array(100).fill(TEXT));
  });

  test('is written in parts over WebSocket, each after the last, and other results are whole beside it', async () => {
    const sends = vi.spyOn(WebSocket.prototype, 'send');
    const frames = await Frames.ready(system.url);
    const small = { query: '{ viewer { id } }' };
    for (const [id, payload] of [operation(), small, small].entries())
      frames.send({ id: `${id}`, type: 'subscribe', payload });
    const lengths: Record<string, number> = {};
    for (let n = 0; n < 6; n++) {
      const { id, type, payload } = await frames.next();
      if (type === 'next') lengths[id] = payload.data.conversation?.messages.nodes.length ?? 1;
    }
    expect(lengths).toEqual({ 0: 100, 1: 1, 2: 1 });
    const parts = sends.mock.calls.filter(
      ([, options]) => typeof options === 'object' && options.fin === false,
    );
    expect(parts.length).toBeGreaterThan(20);
    sends.mockRestore();
    await frames.close();
  });
});

describe('a client that does not read', () => {
  const query = { query: pageOf(10) };

  test('[P-83] is known at /v1, too', async () => {
    const track = vi.spyOn(UnreadBytes.prototype, 'track');
    await (await fetch(`${server.url}/v1/models`)).text();
    expect(track).toHaveBeenCalledTimes(1);
    track.mockRestore();
  });

  test('[P-83] has its socket closed with 4413 when too much is unread', async () => {
    const before = await refusedBy('CONNECTION_MAX_UNREAD_BYTES');
    const frames = await Frames.ready(server.url);
    const closes = vi.spyOn(WebSocket.prototype, 'close');
    frames.socket.pause();
    const payload = { ...query, variables: { id: conversationId } };
    for (let n = 0; n < 200; n++) frames.send({ id: `${n}`, type: 'subscribe', payload });
    await expect.poll(() => closes.mock.calls, { interval: 5 }).toEqual([[4413, 'Too much is unread']]);
    frames.socket.resume();
    expect((await frames.closed).code).toBe(4413);
    expect((await refusedBy('CONNECTION_MAX_UNREAD_BYTES')) - before).toBe(1);
    closes.mockRestore();
  });

  test('[P-83] is refused further large results over all of its connections', async () => {
    const { url, stop } = await startOverheardServer(system, { callerMaxUnreadBytes: 3_000_000 });
    const variables = { id: conversationId };
    // More than the network itself holds.
    const asked = { query: pageOf(100, `${'a'.repeat(160_000)}: id`), variables };
    const unread = await Promise.all([askWithoutReading(url, asked), askWithoutReading(url, asked)]);
    const { status, body } = await post(url, { ...query, variables });
    expect(status).toBe(429);
    expect(await refusedBy('CALLER_MAX_UNREAD_BYTES')).toBeGreaterThan(0);
    expect(JSON.parse(body)).toMatchObject({
      errors: [{ extensions: { code: 'RATE_LIMITED', resumable: true } }],
    });
    const { body: small } = await post(url, { query: '{ viewer { id } }' });
    expect(JSON.parse(small)).toEqual({ data: { viewer: { id: 'local' } } });
    for (const socket of unread) socket.destroy();
    await expect.poll(async () => (await post(url, { ...query, variables })).status).toBe(200);
    await stop();
  });
});

/** Posts an operation, and reads the first byte of its response only. */
async function askWithoutReading(url: string, operation: object): Promise<Socket> {
  const { hostname, port, host } = new URL(url);
  const body = JSON.stringify(operation);
  const socket = connect(Number(port), hostname);
  const head = ['POST /graphql HTTP/1.1', `host: ${host}`, 'content-type: application/json'];
  socket.write(`${[...head, `content-length: ${Buffer.byteLength(body)}`].join('\r\n')}\r\n\r\n${body}`);
  await once(socket, 'readable');
  return socket;
}
