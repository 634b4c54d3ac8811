import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { OwnRows } from '../core/store/own-rows.ts';
import { Frames } from './support/frames.ts';
import { type Data, startTestSystem, type TestSystem } from './support/harness.ts';
import { WAIT } from './support/held.ts';
import { postCompletion } from './support/openai.ts';
import { CREATE } from './support/operations.ts';
import { UPGRADE } from './support/raw-http.ts';
import { StreamReader } from './support/stream-reader.ts';
import { requestAs, tokenFor, WITH_TOKENS } from './support/tokens.ts';

/** The limits of one caller, over every transport. Each test is an owner of its own; an address, where that is what counts. */
let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({
    ...WITH_TOKENS,
    MESSAGES_PER_OWNER: '2',
    MUTATIONS_PER_OWNER: '2',
    ACTIVITY_PER_OWNER: '2',
    SUBSCRIPTIONS_PER_SOCKET: '3',
    SUBSCRIPTIONS_PER_OWNER: '4',
    SUBSCRIBES_PER_SOCKET: '5',
    OPERATIONS_PER_SOCKET: '1',
    OPERATIONS_PER_OWNER: '2',
    SOCKETS_PER_OWNER: '2',
    COMPLETIONS_PER_OWNER: '1',
    FRAMES_PER_SOCKET: '30',
    // Pings are limited by themselves, too.
    SOCKET_MAX_PINGS: '1000',
    FRAMES_PER_OWNER: '40',
    // Nor are connections of this machine those of a proxy here.
    TRUSTED_PROXIES: '127.0.0.9',
    HANDSHAKES_PER_ADDRESS: '50',
    CONNECTIONS_PER_ADDRESS: '60',
    HTTP_HEADERS_MS: '300',
    HTTP_REQUEST_MS: '600',
    SOCKET_INIT_MS: '300',
  });
  system.upstream.answerAll('Well.');
  // The first call of a process takes long.
  await requestAs(system.url, await newOwner(), CREATE, OLD);
});
afterAll(() => system.stop());
const closing: (() => unknown)[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const close of closing.splice(0)) await close();
});

let owners = 0;
const newOwner = () => tokenFor({ sub: `owner-${++owners}`, tenant: 'acme' });

async function socketOf(token: string): Promise<Frames> {
  const frames = await Frames.open(system.url);
  closing.push(() => frames.close());
  frames.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
  expect(await frames.next()).toEqual({ type: 'connection_ack' });
  return frames;
}

function fetchAs(token: string, init: RequestInit & { headers?: Record<string, string> }, search = '') {
  const headers = { authorization: `Bearer ${token}`, ...init.headers };
  return fetch(`${system.url}/graphql${search}`, { ...init, headers });
}

const posted = (query: string, variables: object = {}, extensions: object = {}) => ({
  method: 'POST',
  body: JSON.stringify({ query, variables, extensions }),
});
const JSON_TYPE = { 'content-type': 'application/json' };
const EVENTS = { ...JSON_TYPE, accept: 'text/event-stream' };

async function streamOf(token: string) {
  const put = await fetchAs(token, { method: 'PUT' });
  if (put.status !== 201) return { status: put.status, token: '', stream: null };
  const name = await put.text();
  const response = await fetchAs(token, { headers: { accept: 'text/event-stream' } }, `?token=${name}`);
  const stream = new StreamReader(response, '\n\n');
  closing.push(() => stream.leave());
  return { status: 201, token: name, stream };
}

/** Runs one operation over each transport. Returns its result. */
const TRANSPORTS: [string, (token: string, query: string, variables: object) => Promise<Data>][] = [
  [
    'HTTP',
    async (token, query, variables) =>
      (await fetchAs(token, { ...posted(query, variables), headers: JSON_TYPE })).json(),
  ],
  [
    'server-sent events',
    async (token, query, variables) => {
      const response = await fetchAs(token, { ...posted(query, variables), headers: EVENTS });
      return (await new StreamReader(response, '\n\n').event()).data;
    },
  ],
  [
    'a shared stream',
    async (token, query, variables) => {
      const { token: name, stream } = await streamOf(token);
      const init = { ...posted(query, variables, { operationId: 'a' }), headers: JSON_TYPE };
      expect((await fetchAs(token, init, `?token=${name}`)).status).toBe(202);
      const { data } = await (stream as StreamReader).event();
      await stream?.leave();
      return data.payload;
    },
  ],
  [
    'WebSocket',
    async (token, query, variables) => {
      const frames = await socketOf(token);
      frames.send({ id: 'a', type: 'subscribe', payload: { query, variables } });
      const { payload } = await frames.next();
      await frames.close();
      return payload;
    },
  ],
];

const OLD = { input: { greet: false, pacing: 'INSTANT' } };
const RENAME = `mutation ($id: ID!) { updateConversation(input: { conversationId: $id, title: "New" }) {
  __typename ... on RateLimitedError { message retryAfterMs }
} }`;
const TYPE = `mutation ($id: ID!) { reportActivity(input: { conversationId: $id, activity: TYPING }) {
  __typename ... on RateLimitedError { message retryAfterMs }
} }`;
const SAY = `mutation ($id: ID!) { sendMessage(input: { conversationId: $id, text: "Hello" }) {
  __typename ... on RateLimitedError { message retryAfterMs }
} }`;
const CHANGES = 'subscription { conversationChanges { kind } }';

async function conversationOf(token: string) {
  const { data } = await requestAs(system.url, token, CREATE, OLD);
  return data.createConversation.conversation.id as string;
}

describe.each(TRANSPORTS)('over %s', (_, run) => {
  test.each([
    ['a message', 'sendMessage', SAY, 1],
    ['another mutation', 'updateConversation', RENAME, 2],
    ['a report of activity', 'reportActivity', TYPE, 2],
  ])(
    '[P-90] %s beyond the rate of its owner is a RateLimitedError, and nothing is done',
    async (_kind, field, query, allowed) => {
      const token = await newOwner();
      const id = await conversationOf(token);
      for (let i = 0; i < allowed; i++)
        expect((await run(token, query, { id })).data[field].__typename).toMatch(/Success$/);
      const { data, errors } = await run(token, query, { id });
      expect(errors).toBeUndefined();
      expect(data[field]).toMatchObject({ __typename: 'RateLimitedError', retryAfterMs: expect.any(Number) });
      expect(data[field].retryAfterMs).toBeGreaterThan(0);
      expect(data[field].retryAfterMs).toBeLessThanOrEqual(60_000);
      const count = '{ conversations { nodes { messageCount title } } }';
      const stored = (await requestAs(system.url, token, count)).data.conversations.nodes;
      if (field === 'sendMessage') expect(stored[0].messageCount).toBeLessThanOrEqual(2);
      // Another owner is not affected.
      const other = await newOwner();
      expect((await run(other, query, { id })).data[field].__typename).toBe('NotFoundError');
    },
  );

  test('[P-90] each mutation of an operation counts', async () => {
    const token = await newOwner();
    const id = await conversationOf(token);
    const rename = (name: string, title: string) =>
      `${name}: updateConversation(input: { conversationId: $id, title: "${title}" }) { __typename }`;
    const query = `mutation ($id: ID!) { ${rename('a', 'A')} ${rename('b', 'B')} ${rename('c', 'C')} }`;
    const { data } = await run(token, query, { id });
    expect(data).toMatchObject({
      b: { __typename: 'UpdateConversationSuccess' },
      c: { __typename: 'RateLimitedError' },
    });
    const title = '{ conversations { nodes { title } } }';
    expect((await requestAs(system.url, token, title)).data.conversations.nodes).toEqual([{ title: 'B' }]);
  });

  test('[P-91] a query beyond those that may run at once is RATE_LIMITED, and a mutation a RateLimitedError', async () => {
    const token = await newOwner();
    const id = await conversationOf(token);
    let goOn = () => {};
    const held = new Promise<never[]>((resolve) => {
      goOn = () => resolve([]);
    });
    const reads = vi.spyOn(OwnRows.prototype, 'conversations').mockReturnValue(held as never);
    const running = [1, 2].map(() => run(token, 'query ($id: ID!) { conversation(id: $id) { id } }', { id }));
    await vi.waitFor(() => expect(reads).toHaveBeenCalledTimes(2), WAIT);
    const [one, other] = await Promise.all([
      requestAs(system.url, token, '{ viewer { id } }'),
      requestAs(system.url, token, RENAME, { id }),
    ]);
    expect(one.errors?.[0]?.extensions).toEqual({ code: 'RATE_LIMITED', retryAfterMs: 1_000 });
    expect(other.data).toMatchObject({
      updateConversation: { __typename: 'RateLimitedError', retryAfterMs: 1_000 },
    });
    expect((await requestAs(system.url, await newOwner(), '{ viewer { id } }')).errors).toBeUndefined();
    goOn();
    for (const result of await Promise.all(running)) expect(result.errors).toBeUndefined();
    expect((await requestAs(system.url, token, '{ viewer { id } }')).errors).toBeUndefined();
  });
});

async function subscriptionsOpen(): Promise<number> {
  const { values } = await system.app.metrics.subscriptionsActive.get();
  return values.reduce((sum, { value }) => sum + value, 0);
}

describe('subscriptions', () => {
  const LIMITED = { code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) };

  test('[P-91] of a WebSocket beyond the bound are RATE_LIMITED, the others go on, and one that ends makes room', async () => {
    const frames = await socketOf(await newOwner());
    for (const id of ['a', 'b', 'c', 'd'])
      frames.send({ id, type: 'subscribe', payload: { query: CHANGES } });
    expect(await frames.next()).toMatchObject({
      id: 'd',
      type: 'next',
      payload: { errors: [{ extensions: LIMITED }] },
    });
    expect(await frames.next()).toMatchObject({ id: 'd', type: 'complete' });
    // One that has not begun yet ends when it has.
    await vi.waitFor(async () => expect(await subscriptionsOpen()).toBe(3), WAIT);
    frames.send({ id: 'a', type: 'complete' }, { id: 'e', type: 'subscribe', payload: { query: CHANGES } });
    frames.send({ id: 'f', type: 'subscribe', payload: { query: CHANGES } });
    expect(await frames.next()).toMatchObject({
      id: 'f',
      type: 'next',
      payload: { errors: [{ extensions: LIMITED }] },
    });
  });

  test('[P-91] that are begun and completed too often are RATE_LIMITED', async () => {
    const frames = await socketOf(await newOwner());
    for (let i = 0; i < 6; i++)
      frames.send(
        { id: `${i}`, type: 'subscribe', payload: { query: CHANGES } },
        { id: `${i}`, type: 'complete' },
      );
    frames.send({ id: 'last', type: 'subscribe', payload: { query: CHANGES } });
    let frame = await frames.next();
    // Those before it were refused, too, and some before they were completed.
    while (frame.id !== 'last') frame = await frames.next();
    expect(frame).toMatchObject({ payload: { errors: [{ extensions: LIMITED }] } });
  });

  test('[P-91] over server-sent events beyond the bound of the owner are 429 with Retry-After, over every transport', async () => {
    const token = await newOwner();
    const subscribe = () => fetchAs(token, { ...posted(CHANGES), headers: EVENTS });
    for (let i = 0; i < 4; i++) {
      const response = await subscribe();
      expect(response.status).toBe(200);
      closing.push(() => response.body?.cancel());
    }
    const refused = await subscribe();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await refused.text()).toContain('"code":"RATE_LIMITED"');
    const frames = await socketOf(token);
    frames.send({ id: 'a', type: 'subscribe', payload: { query: CHANGES } });
    expect(await frames.next()).toMatchObject({ payload: { errors: [{ extensions: LIMITED }] } });
  });

  test('[P-91] of a shared stream beyond the bound are 429, as those of a WebSocket', async () => {
    const token = await newOwner();
    const { token: name } = await streamOf(token);
    const subscribe = async (operationId: string) => {
      const init = { ...posted(CHANGES, {}, { operationId }), headers: JSON_TYPE };
      const response = await fetchAs(token, init, `?token=${name}`);
      await response.text();
      return [response.status, response.headers.get('retry-after')];
    };
    for (const id of ['a', 'b', 'c']) expect(await subscribe(id)).toEqual([202, null]);
    expect(await subscribe('d')).toEqual([429, '1']);
    await fetchAs(token, { method: 'DELETE' }, `?token=${name}&operationId=a`);
    expect(await subscribe('d')).toEqual([202, null]);
  });
});

describe('connections', () => {
  test('[P-92] sockets and shared streams of one owner beyond the bound are closed with 4429, or are 429', async () => {
    const token = await newOwner();
    await socketOf(token);
    expect(await streamOf(token)).toMatchObject({ status: 201 });
    const third = await Frames.open(system.url);
    third.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    expect(await third.closed).toMatchObject({ code: 4429, reason: expect.stringMatching(/^RATE_LIMITED/) });
    expect(await streamOf(token)).toMatchObject({ status: 429 });
    await socketOf(await newOwner());
  });

  test('[P-92] a socket that sends too many messages is closed with 4429', async () => {
    const frames = await socketOf(await newOwner());
    for (let i = 0; i < 40; i++) frames.send({ type: 'ping' });
    expect(await frames.closed).toMatchObject({ code: 4429 });
  });

  test('[P-92] sockets of one owner that send too many messages together are closed with 4429', async () => {
    const token = await newOwner();
    const [one, other] = [await socketOf(token), await socketOf(token)];
    for (let i = 0; i < 28; i++) for (const frames of [one, other]) frames.send({ type: 'pong' });
    expect(await Promise.race([one.closed, other.closed])).toMatchObject({ code: 4429 });
  });

  test('[P-92] handshakes of one address beyond the rate are 429 with Retry-After, and others are not', async () => {
    const { hostname, port } = new URL(system.url);
    const upgrade = async (localAddress: string) => {
      const socket = connect({ host: hostname, port: Number(port), localAddress });
      const headers = {
        host: `${hostname}:${port}`,
        'sec-websocket-protocol': 'graphql-transport-ws',
        ...UPGRADE,
      };
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
      socket.write(`GET /graphql HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      const [head] = (await once(socket, 'data')) as [Buffer];
      socket.destroy();
      return String(head);
    };
    for (let i = 0; i < 50; i++) expect(await upgrade('127.0.0.2')).toMatch(/^HTTP\/1.1 101/);
    const refused = await upgrade('127.0.0.2');
    expect(refused).toMatch(/^HTTP\/1.1 429/);
    expect(refused).toMatch(/retry-after: \d/);
    expect(await upgrade('127.0.0.3')).toMatch(/^HTTP\/1.1 101/);
  });

  test('[P-92] connections of one address beyond the bound are answered with 429, and others are served', async () => {
    const { hostname, port } = new URL(system.url);
    const open = (localAddress: string) => connect({ host: hostname, port: Number(port), localAddress });
    // An answer to each one makes them be accepted; the next request keeps it open.
    const ask = `GET /health/live HTTP/1.1\r\nhost: ${hostname}:${port}\r\n\r\n`;
    const sockets = Array.from({ length: 60 }, () => open('127.0.0.4'));
    for (const socket of sockets) socket.write(ask);
    for (const socket of sockets) expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1.1 200/);
    const refused = open('127.0.0.4');
    refused.write(ask);
    expect(await text(refused)).toMatch(/^HTTP\/1.1 429.*retry-after: 1/s);
    const other = open('127.0.0.5');
    other.write(ask);
    expect(String((await once(other, 'data'))[0])).toMatch(/^HTTP\/1.1 200/);
    for (const socket of [...sockets, other]) socket.destroy();
  });

  test('[P-92] what comes through a proxy counts by the address of its caller', async () => {
    const { hostname, port, host } = new URL(system.url);
    const token = await newOwner();
    const body = JSON.stringify({ query: CHANGES });
    const subscribe = async (address: string) => {
      const socket = connect({ host: hostname, port: Number(port), localAddress: '127.0.0.9' });
      closing.push(() => socket.destroy());
      const headers = { host, authorization: `Bearer ${token}`, ...EVENTS, 'x-forwarded-for': address };
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
      socket.write(
        `POST /graphql HTTP/1.1\r\n${lines.join('\r\n')}\r\ncontent-length: ${body.length + 1}\r\n\r\n`,
      );
      return socket;
    };
    // Their bodies never end.
    for (let i = 0; i < 60; i++) await subscribe('198.51.100.1');
    const answerOf = async (address: string) => {
      const socket = await subscribe(address);
      socket.write(`${body} `);
      return String((await once(socket, 'data'))[0]);
    };
    await vi.waitFor(async () => expect(await answerOf('198.51.100.1')).toMatch(/^HTTP\/1.1 429/), WAIT);
    expect(await answerOf('198.51.100.2')).toMatch(/^HTTP\/1.1 200/);
  });

  test.each([
    ['headers', ''],
    ['a body', 'content-type: application/json\r\ncontent-length: 100\r\n\r\n{'],
  ])('[P-92] a client that sends %s too slowly gets 408', async (_, sent) => {
    const { hostname, port, host } = new URL(system.url);
    const socket = connect(Number(port), hostname);
    const authorization = `Bearer ${await newOwner()}`;
    socket.write(`POST /graphql HTTP/1.1\r\nhost: ${host}\r\nauthorization: ${authorization}\r\n${sent}`);
    expect(await text(socket)).toMatch(/^HTTP\/1.1 408/);
  });

  test('[P-92] a client that sends nothing is disconnected', async () => {
    const { hostname, port } = new URL(system.url);
    await text(connect(Number(port), hostname));
  });

  test('[P-92] a socket without connection_init in time is closed with 4408', async () => {
    const frames = await Frames.open(system.url);
    expect(await frames.closed).toMatchObject({ code: 4408 });
  });
});

describe('at /v1', () => {
  const REQUEST = { model: 'openai/gpt-4o-mini', messages: [{ role: 'user', content: 'Hi' }] };
  const LIMITED = { error: { type: 'rate_limit_error', code: 'rate_limit_exceeded' } };

  test('[P-94] completions beyond those that may run at once are 429 in the form of OpenAI, and one that ends makes room', async () => {
    const token = await newOwner();
    let goOn = () => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const stream = vi.spyOn(system.app.llm, 'stream').mockImplementation(async function* () {
      await held;
      yield { type: 'end', usage: null, isTruncated: false } as never;
    });
    const first = postCompletion(system.url, token, REQUEST);
    await vi.waitFor(() => expect(stream).toHaveBeenCalled(), WAIT);
    const refused = await postCompletion(system.url, token, REQUEST);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await refused.json()).toMatchObject(LIMITED);
    expect(stream).toHaveBeenCalledTimes(1);
    goOn();
    expect((await first).status).toBe(200);
    await (await first).text();
    await vi.waitFor(async () => {
      const again = await postCompletion(system.url, token, { ...REQUEST, messages: [] });
      expect(again.status).toBe(400);
    }, WAIT);
    expect((await postCompletion(system.url, token, REQUEST)).status).toBe(200);
  });

  test('[P-94] completions and messages share a rate, and nothing is done beyond it', async () => {
    const token = await newOwner();
    const id = await conversationOf(token);
    const stream = vi.spyOn(system.app.llm, 'stream');
    expect((await postCompletion(system.url, token, REQUEST)).status).toBe(200);
    expect(stream).toHaveBeenCalledTimes(1);
    for (const headers of [{}, { 'x-taskflow-conversation': id }]) {
      const refused = await postCompletion(system.url, token, REQUEST, headers);
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(1);
      expect(await refused.json()).toMatchObject(LIMITED);
    }
    expect(stream).toHaveBeenCalledTimes(1);
    expect((await requestAs(system.url, token, '{ conversations { nodes { messageCount } } }')).data).toEqual(
      {
        conversations: { nodes: [{ messageCount: 0 }] },
      },
    );
  });
});

test('refusals are counted by their limit', async () => {
  const { values } = await system.app.metrics.limitRefusals.get();
  const limits = values.filter(({ value }) => value > 0).map(({ labels }) => labels.limit);
  for (const limit of [
    'MESSAGES_PER_OWNER',
    'SUBSCRIPTIONS_PER_SOCKET',
    'HANDSHAKES_PER_ADDRESS',
    'FRAMES_PER_SOCKET',
  ])
    expect(limits).toContain(limit);
});
