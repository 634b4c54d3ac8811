import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { Frames } from './support/frames.ts';
import { startTestSystem, type TestSystem } from './support/harness.ts';
import { type OverheardServer, startOverheardServer } from './support/overheard-server.ts';
import { upgradeStatus } from './support/raw-http.ts';

const QUERY = { query: '{ viewer { id } }' };
const CHANGES = { query: 'subscription { conversationChanges { kind } }' };
const DATA = { data: { viewer: { id: 'local' } } };
const INIT = { type: 'connection_init' };
const ACK = { type: 'connection_ack' };

let system: TestSystem;
let server: OverheardServer;
beforeAll(async () => {
  system = await startTestSystem({}, { worker: false });
  server = await startOverheardServer(system);
});
afterEach(() => {
  vi.useRealTimers();
  expect(server.complaints.splice(0), 'no fault of a client is one of ours').toEqual([]);
});
afterAll(async () => {
  await server.stop();
  await system.stop();
});

/** Sends frames and expects these in return; a number is the code with which the socket closes. */
async function exchange(
  frames: Frames,
  sent: readonly (object | string)[],
  heard: readonly (object | number)[],
) {
  frames.send(...sent);
  for (const one of heard) {
    if (typeof one === 'number') expect((await frames.closed).code).toBe(one);
    else expect(await frames.next()).toEqual(one);
  }
  if (typeof heard.at(-1) === 'number') return;
  frames.send({ type: 'ping', payload: { last: true } });
  expect(await frames.next(), 'nothing more is heard, and no pong repeats what it is sent').toEqual({
    type: 'pong',
  });
  await frames.close();
}

const subscribe = (id: unknown, payload: unknown = QUERY) => ({ id, type: 'subscribe', payload });
const next = (id: string, payload: object = DATA) => ({ id, type: 'next', payload });
const complete = (id: unknown) => ({ id, type: 'complete' });

/** A rule, the frames sent, and the frames, or the close, that come back. */
type Row = [rule: string, sent: (object | string)[], heard: (object | number)[]];

describe('the handshake', () => {
  test.each([
    ['ours', ['graphql-transport-ws'], 'graphql-transport-ws', null],
    [
      'the one of the server among others',
      ['graphql-ws', 'graphql-transport-ws'],
      'graphql-transport-ws',
      null,
    ],
    ['the one of subscriptions-transport-ws', ['graphql-ws'], 'graphql-ws', 4406],
    ['a stranger', ['soap'], 'soap', 4406],
    ['none', [], '', 4406],
  ])('a client that offers %s', async (_what, offered, chosen, code) => {
    const frames = await Frames.open(server.url, offered);
    expect(frames.socket.protocol).toBe(chosen);
    if (code) expect(await frames.closed).toEqual({ code, reason: 'Subprotocol not acceptable' });
    else await exchange(frames, [INIT], [ACK]);
  });

  test.each([
    [101, 'a page of the server itself', () => ({ origin: server.url })],
    [403, 'a page of another site', () => ({ origin: 'https://evil.example' })],
    [403, 'a page under a name of its own', () => ({ host: 'evil.example', origin: 'http://evil.example' })],
    [400, 'no key', () => ({ 'sec-websocket-key': '' })],
    [400, 'a version of before the standard', () => ({ 'sec-websocket-version': '7' })],
  ])('%i for %s', async (status, _what, headers) => {
    expect(await upgradeStatus(server.url, headers())).toBe(status);
  });
});

describe('the connection', () => {
  test.each<Row>([
    ['is acknowledged', [INIT], [ACK]],
    ['may bring parameters', [{ ...INIT, payload: { token: 'x' } }], [ACK]],
    ['may bring null', [{ ...INIT, payload: null }], [ACK]],
    ['must not bring a text', [{ ...INIT, payload: 'x' }], [4400]],
    ['is initialised once', [INIT, INIT], [4429]],
    ['serves nothing before it is initialised', [subscribe('1')], [4401]],
    ['answers a ping before it is initialised', [{ type: 'ping' }, INIT], [{ type: 'pong' }, ACK]],
  ])('%s', async (_rule, sent, heard) => {
    await exchange(await Frames.open(server.url), sent, heard);
  });

  test('that is not initialised within 3 s is closed with 4408', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const frames = await Frames.open(server.url);
    await vi.advanceTimersByTimeAsync(2_999);
    expect(frames.socket.readyState).toBe(frames.socket.OPEN);
    await vi.advanceTimersByTimeAsync(1);
    expect((await frames.closed).code).toBe(4408);
  });

  test('[P-83] that sends pongs which answer no ping is ended', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const frames = await Frames.ready(server.url);
    frames.socket.pause();
    await vi.advanceTimersByTimeAsync(12_000);
    frames.socket.pong();
    frames.socket.pong('12345678');
    frames.send({ type: 'ping' });
    await vi.advanceTimersByTimeAsync(12_000);
    frames.socket.resume();
    expect((await frames.closed).code).toBe(1006);
  });

  test('that does not answer a ping before the next one, 12 s later, is ended', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const [answers, sleeps] = [await Frames.ready(server.url), await Frames.ready(server.url)];
    sleeps.socket.pause();
    const pinged = new Promise((resolve) => answers.socket.once('ping', resolve));
    await vi.advanceTimersByTimeAsync(12_000);
    await pinged;
    // The pong has arrived when a later message is answered.
    answers.send({ type: 'ping' });
    await answers.next();
    await vi.advanceTimersByTimeAsync(12_000);
    sleeps.socket.resume();
    expect((await sleeps.closed).code).toBe(1006);
    await exchange(answers, [], []);
  });
});

describe('an operation', () => {
  test.each<Row>([
    ['is answered, then completed', [subscribe('1')], [next('1'), complete('1')]],
    [
      'that cannot be parsed is an error',
      [subscribe('1', { query: '{' })],
      [error('1', 'GRAPHQL_PARSE_FAILED')],
    ],
    [
      'that is invalid is an error',
      [subscribe('1', { query: '{ nothing }' })],
      [error('1', 'GRAPHQL_VALIDATION_FAILED')],
    ],
    [
      'that is not the one named is an error',
      [subscribe('1', { ...QUERY, operationName: 'B' })],
      [error('1', 'OPERATION_RESOLUTION_FAILURE')],
    ],
    [
      'of a hash in place of its document is an error by which clients send the document',
      [subscribe('1', { extensions: { persistedQuery: { version: 1, sha256Hash: 'ab' } } }), subscribe('2')],
      [error('1', 'PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported'), next('2'), complete('2')],
    ],
    [
      'with a hash beside its document is answered',
      [subscribe('1', { ...QUERY, extensions: { persistedQuery: { version: 1, sha256Hash: 'ab' } } })],
      [next('1'), complete('1')],
    ],
    [
      'may have null for what it leaves out',
      [subscribe('1', { ...QUERY, variables: null, operationName: null, extensions: null })],
      [next('1'), complete('1')],
    ],
    ['may be completed more than once', [subscribe('1', CHANGES), complete('1'), complete('1')], []],
    ['that does not exist may be completed', [complete('nobody')], []],
    [
      'may have any text for an id',
      [...['"', '__proto__', 'op1', '🦆'].map((id) => subscribe(id, CHANGES)), complete('op1')],
      [],
    ],
    ['must have an id', [{ type: 'subscribe', payload: QUERY }], [4400]],
    ['must not have an empty id', [subscribe('')], [4400]],
    ['must not have a number for an id', [subscribe(1)], [4400]],
    ['must have a payload', [{ id: '1', type: 'subscribe' }], [4400]],
    ['must not have an array for a payload', [subscribe('1', [QUERY])], [4400]],
    ['must have a document', [subscribe('1', {})], [4400]],
    ['must not have null for a document', [subscribe('1', { query: null })], [4400]],
    ['must not have a number for a document', [subscribe('1', { query: 5 })], [4400]],
    ['must not have a text for variables', [subscribe('1', { ...QUERY, variables: 'x' })], [4400]],
    ['must not have an array for variables', [subscribe('1', { ...QUERY, variables: [] })], [4400]],
    ['must not have a number for a name', [subscribe('1', { ...QUERY, operationName: 5 })], [4400]],
    ['must not have a text for extensions', [subscribe('1', { ...QUERY, extensions: 'x' })], [4400]],
    ['is not completed without an id', [{ type: 'complete' }], [4400]],
    ['is not completed with an empty id', [complete('')], [4400]],
    ['must not have the id of one that goes on', [subscribe('1', CHANGES), subscribe('1')], [4409]],
    [
      'must not have its id, however long',
      [subscribe('ä'.repeat(5_000), CHANGES), subscribe('ä'.repeat(5_000))],
      [4409],
    ],
  ])('%s', async (_rule, sent, heard) => {
    await exchange(await Frames.ready(server.url), sent, heard);
  });

  test('whose id is in use is refused with a reason that names the id', async () => {
    const frames = await Frames.ready(server.url);
    frames.send(subscribe('first', CHANGES), subscribe('first', CHANGES));
    expect((await frames.closed).reason).toBe('Subscriber for first already exists');
  });

  test('runs beside others, and goes on after their errors', async () => {
    const frames = await Frames.ready(server.url);
    frames.send(subscribe('live', CHANGES), subscribe('bad', { query: '{' }));
    expect(await frames.next()).toMatchObject({ id: 'bad', type: 'error' });
    await exchange(frames, [subscribe('good')], [next('good'), complete('good')]);
  });
});

describe('ping and pong', () => {
  test.each<Row>([
    [
      '[P-83] a ping is answered without its payload',
      [{ type: 'ping', payload: { a: 1 } }],
      [{ type: 'pong' }],
    ],
    ['[P-83] more than ten pings a second close the socket', Array(11).fill({ type: 'ping' }), [4429]],
    ['a ping is answered without one', [{ type: 'ping' }], [{ type: 'pong' }]],
    ['an unsolicited pong is not an error', [{ type: 'pong', payload: { a: 1 } }], []],
    ['a ping must not bring a text', [{ type: 'ping', payload: 'x' }], [4400]],
    ['a pong must not bring a text', [{ type: 'pong', payload: 'x' }], [4400]],
  ])('%s', async (_rule, sent, heard) => {
    await exchange(await Frames.ready(server.url), sent, heard);
  });

  test('[P-83] a ping is answered without its payload', async () => {
    const frames = await Frames.ready(server.url);
    await exchange(frames, [{ type: 'ping', payload: { a: 1 } }], [{ type: 'pong' }]);
  });

  test.each(['ping', 'pong'])('[P-83] more than ten messages a second close the socket: %s', async (type) => {
    const frames = await Frames.ready(server.url);
    await exchange(frames, Array(11).fill({ type, payload: { a: 1 } }), [4429]);
  });

  test.each(['ping', 'pong'] as const)(
    '[P-83] more than ten frames a second close the socket: %s',
    async (frame) => {
      const frames = await Frames.ready(server.url);
      for (let n = 0; n < 11; n++) frames.socket[frame]();
      expect((await frames.closed).code).toBe(4429);
    },
  );
});

describe('a message', () => {
  test.each([
    ['that only servers send, next', { id: '1', type: 'next', payload: { data: {} } }],
    ['that only servers send, error', { id: '1', type: 'error', payload: [{ message: 'no' }] }],
    ['that only servers send, connection_ack', ACK],
    ['of subscriptions-transport-ws', { id: '1', type: 'start', payload: QUERY }],
    ['of an unknown type', { type: 'nonsense' }],
    ['of an invalid type', { type: 5 }],
    ['without a type', { id: '1', payload: QUERY }],
    ['that is null', 'null'],
    ['that is an array', '[]'],
    ['that is a text', '"subscribe"'],
    ['that is empty', ''],
    ['that is not JSON', '{'],
  ])('%s closes the socket with 4400', async (_what, message) => {
    const frames = await Frames.ready(server.url);
    frames.send(message);
    expect(await frames.closed).toEqual({ code: 4400, reason: 'Invalid message received' });
  });

  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  test.each([
    [
      'variables',
      (deep: string) =>
        `{"id":"1","type":"subscribe","payload":{"query":"{ viewer { id } }","variables":{"a":${deep}}}}`,
    ],
    [
      'extensions',
      (deep: string) =>
        `{"id":"1","type":"subscribe","payload":{"query":"{ viewer { id } }","extensions":{"a":${deep}}}}`,
    ],
  ])('with %s nested 100,000 levels deep closes its socket, and no other', async (_what, message) => {
    const [deep, bystander] = [await Frames.ready(server.url), await Frames.ready(server.url)];
    deep.send(message(nested(100_000)));
    expect((await deep.closed).code).toBe(4400);
    bystander.send({ type: 'ping' });
    expect(await bystander.next()).toEqual({ type: 'pong' });
    bystander.socket.terminate();
  });

  test('that is not UTF-8 closes the socket with 1007, one over 1 MiB with 1009', async () => {
    const [garbled, large] = [await Frames.ready(server.url), await Frames.ready(server.url)];
    garbled.socket.send(Buffer.from([0x22, 0xff, 0xfe, 0x22]), { binary: false });
    large.send(' '.repeat(1_048_577));
    expect([(await garbled.closed).code, (await large.closed).code]).toEqual([1007, 1009]);
  });

  test('in a binary frame is read as one in a text frame', async () => {
    const frames = await Frames.ready(server.url);
    frames.socket.send(Buffer.from(JSON.stringify(subscribe('1'))), { binary: true });
    await exchange(frames, [], [next('1'), complete('1')]);
  });

  test('that follows the one for which the socket is closed is not read', async () => {
    const create = 'mutation { createConversation(input: {greet: false}) { __typename } }';
    const created = vi.spyOn(system.app.conversations, 'create');
    const frames = await Frames.ready(server.url);
    await exchange(frames, ['nonsense', subscribe('1', { query: create })], [4400]);
    expect(created).not.toHaveBeenCalled();
  });
});

function error(id: string, code: string, message: unknown = expect.any(String)) {
  const problem = expect.objectContaining({ message, extensions: { code } });
  return { id, type: 'error', payload: [problem] };
}
