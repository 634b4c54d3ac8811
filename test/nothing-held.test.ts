import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { clientDir } from '../core/installation/installed-files.ts';
import { OwnRows } from '../core/store/own-rows.ts';
import { startServer } from '../server/server.ts';
import { describeBackends } from './support/backends.ts';
import { Frames } from './support/frames.ts';
import { startTestSystem, type TestSystem } from './support/harness.ts';
import { HeldResources, WAIT } from './support/held.ts';
import { rowIdOf } from './support/node-ids.ts';
import { post } from './support/raw-http.ts';

const CREATE =
  'mutation { createConversation(input: {greet: false}) { ... on CreateConversationSuccess { conversation { id } } } }';
const EVENTS = 'subscription ($id: ID!) { conversationEvents(conversationId: $id) { cursor } }';
const CHANGES = 'subscription { conversationChanges { kind } }';
const NOBODYS = 'Conversation_019a0000-0000-7000-8000-000000000000';
const VALIDATION = 'GRAPHQL_VALIDATION_FAILED';
const STREAM = { accept: 'text/event-stream' };
const MULTIPART = { accept: 'multipart/mixed;subscriptionSpec=1.0, application/json' };

const read = OwnRows.prototype.conversations;

await describeBackends('a refused or finished operation holds nothing', (backend) => {
  let system: TestSystem;
  let held: HeldResources;
  let id: string;
  let operation: { query: string; variables: { id: string } };
  let before: Awaited<ReturnType<HeldResources['now']>>;
  /** How many lookups of a conversation the database has not answered yet: subscriptions that are still being opened. */
  let asking = 0;

  beforeAll(async () => {
    const env = await backend.env();
    system = await startTestSystem(env, { worker: false });
    const { data } = await system.request(CREATE);
    id = data.createConversation.conversation.id;
    operation = { query: EVENTS, variables: { id } };
    OwnRows.prototype.conversations = function (this: OwnRows, ids) {
      asking++;
      return read.call(this, ids).finally(() => asking--);
    };
    held = new HeldResources(system, rowIdOf(id), env);
    before = await held.now();
  });
  afterAll(async () => {
    OwnRows.prototype.conversations = read;
    held.close();
    await system.stop();
  });
  /** The rule of this file: every test leaves everything as it was. */
  afterEach(async () => {
    vi.restoreAllMocks();
    await untilGone();
    await vi.waitFor(
      async () => expect({ ...(await held.now()), asking }).toEqual({ ...before, asking: 0 }),
      WAIT,
    );
  });

  /** How many subscriptions were made. */
  function subscriptions() {
    const spies = [vi.spyOn(system.app.feed, 'subscribe'), vi.spyOn(system.app.changes, 'subscribe')];
    return () => spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0);
  }

  /** Holds back the database's answer to the lookup of a conversation until `letGo` is called. */
  function heldDatabase() {
    const { conversations } = OwnRows.prototype;
    let letGo = () => {};
    const gate = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const spy = vi.spyOn(OwnRows.prototype, 'conversations').mockImplementation(function (
      this: OwnRows,
      ids,
    ) {
      return gate.then(() => conversations.call(this, ids));
    });
    return { asked: () => vi.waitFor(() => expect(spy).toHaveBeenCalled(), WAIT), letGo };
  }

  describe('over HTTP', () => {
    test.each([
      'application/json',
      'application/graphql-response+json',
      'application/graphql-response+json,application/json;q=0.9',
      'multipart/mixed;deferSpec=20220824,application/graphql-response+json,application/json;q=0.9',
      'multipart/mixed',
      'image/png',
      'text/html',
      'text/event-stream;q=0, application/json',
      'text/event-stream; charset=latin-1',
    ])('a subscription whose Accept is %s is 406, and nothing is subscribed', async (accept) => {
      const subscribed = subscriptions();
      const { status, json } = await post(system.url, operation, { accept });
      expect(status).toBe(406);
      expect(json().errors).toMatchObject([
        { message: expect.stringContaining('text/event-stream'), extensions: { code: 'NOT_ACCEPTABLE' } },
      ]);
      expect(subscribed()).toBe(0);
    });

    test.each([
      ['to an id that does not exist', { query: EVENTS, variables: { id: NOBODYS } }, 'NOT_FOUND'],
      ['without its variable', { query: EVENTS, variables: {} }, 'BAD_USER_INPUT'],
      ['that is too complex', tooComplex(), 'QUERY_TOO_COMPLEX'],
      ['that may be skipped', { query: CHANGES.replace('{ kind', '@skip(if: false) { kind') }, VALIDATION],
      ['to a field that does not exist', { query: 'subscription { nothing }' }, VALIDATION],
    ])('a subscription %s is refused, and nothing is subscribed', async (_which, faulty, code) => {
      const subscribed = subscriptions();
      const { body } = await post(system.url, { variables: { id }, ...faulty }, STREAM);
      expect(body).toContain(`"code":"${code}"`);
      expect(subscribed()).toBe(0);
    });

    test('a subscription whose resolver throws', async () => {
      vi.spyOn(system.app.changes, 'subscribe').mockImplementationOnce(() => {
        throw new Error('broken');
      });
      const { body } = await post(system.url, { query: CHANGES }, STREAM);
      expect(body).toContain('INTERNAL_SERVER_ERROR');
    });

    test.each(['HEAD', 'PATCH', 'OPTIONS'])(
      'a subscription by %s is 405, and nothing is subscribed',
      async (method) => {
        const subscribed = subscriptions();
        const response = await fetch(`${system.url}/graphql?${search()}`, { method, headers: STREAM });
        expect(response.status).toBe(405);
        expect(response.headers.get('allow')).toBe('GET, POST, PUT, DELETE');
        expect(subscribed()).toBe(0);
      },
    );

    test.each([
      ['GET', STREAM],
      ['POST', STREAM],
      ['GET', MULTIPART],
      ['POST', MULTIPART],
    ])('a stream by %s that its client closes: %j', async (method, wanted) => {
      const leave = new AbortController();
      const response = await (method === 'GET'
        ? fetch(`${system.url}/graphql?${search()}`, { headers: wanted, signal: leave.signal })
        : fetch(`${system.url}/graphql`, {
            method,
            headers: { ...wanted, 'content-type': 'application/json' },
            body: JSON.stringify(operation),
            signal: leave.signal,
          }));
      expect(response.headers.get('content-type')).toMatch(/^(text\/event-stream$|multipart\/mixed;)/);
      expect((await held.now()).present).toBe(true);
      leave.abort();
    });

    test('a stream whose client reads nothing, then disconnects', async () => {
      const socket = await written(operation);
      socket.pause();
      await held.untilSubscriptions(1);
      socket.destroy();
    });

    test('a stream whose client sends its request and half-closes', async () => {
      const socket = await written(operation);
      socket.end();
      socket.resume();
    });

    test('requests whose connection is destroyed right after they were written', async () => {
      const subscribed = subscriptions();
      for (let round = 0; round < 40; round++) {
        const socket = await written(operation);
        for (let turn = 0; turn < round; turn++) await nextTurn();
        socket.destroy();
      }
      // Each round waits a little longer, so that some clients are gone before they are subscribed, and some after.
      await vi.waitFor(() => expect(subscribed()).toBeGreaterThan(0), WAIT);
    });

    test('a stream whose client disconnects while the database is queried', async () => {
      const subscribed = subscriptions();
      const database = heldDatabase();
      const socket = await written(operation);
      await database.asked();
      socket.destroy();
      await untilGone();
      database.letGo();
      await vi.waitFor(() => expect(subscribed()).toBe(1), WAIT);
    });

    test('pipelined streams that wait for the first to end, whose client disconnects', async () => {
      const socket = await written(operation, operation, { query: CHANGES, variables: { id } });
      await held.untilSubscriptions(3);
      socket.destroy();
    });

    test('streams that end by themselves leave nothing on their shared connection', async () => {
      const warned = vi.fn();
      process.on('warning', warned);
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (let round = 0; round < 15; round++) {
        const body = stream(agent, { query: CHANGES });
        await held.untilSubscriptions(1);
        await system.app.changes.stop();
        expect(await body).toContain('event: complete');
      }
      agent.destroy();
      await nextTurn();
      process.off('warning', warned);
      expect(warned).not.toHaveBeenCalled();
    });
  });

  describe('over WebSocket', () => {
    const subscribe = (payload: object = operation, name = '1') => ({ id: name, type: 'subscribe', payload });

    test.each([
      ['to an id that does not exist', { query: EVENTS, variables: { id: NOBODYS } }, 'NOT_FOUND'],
      ['that is too complex', tooComplex(), 'QUERY_TOO_COMPLEX'],
      ['that may be skipped', { query: CHANGES.replace('{ kind', '@skip(if: false) { kind') }, VALIDATION],
      ['to a field that does not exist', { query: 'subscription { nothing }' }, VALIDATION],
    ])('a subscription %s is refused, and nothing is subscribed', async (_which, faulty, code) => {
      const subscribed = subscriptions();
      const frames = await Frames.ready(system.url);
      frames.send(subscribe({ variables: { id }, ...faulty }));
      expect(JSON.stringify(await frames.next())).toContain(`"code":"${code}"`);
      expect(subscribed()).toBe(0);
      await frames.close();
    });

    test('a subscription whose resolver throws', async () => {
      vi.spyOn(system.app.changes, 'subscribe').mockImplementationOnce(() => {
        throw new Error('broken');
      });
      const frames = await Frames.ready(system.url);
      frames.send(subscribe({ query: CHANGES }));
      expect(JSON.stringify(await frames.next())).toContain('INTERNAL_SERVER_ERROR');
      await frames.close();
    });

    test.each([
      ['closed', (frames: Frames) => void frames.close()],
      ['terminated', (frames: Frames) => frames.socket.terminate()],
    ])('a socket that is %s while it listens', async (_how, end) => {
      const frames = await Frames.ready(system.url);
      frames.send(subscribe(), subscribe({ query: CHANGES }, '2'));
      await held.untilSubscriptions(2);
      end(frames);
      await frames.closed;
    });

    test.each([
      ['closed', (frames: Frames) => void frames.close()],
      ['terminated', (frames: Frames) => frames.socket.terminate()],
    ])('sockets that are %s as soon as `subscribe` was sent', async (_how, end) => {
      for (let round = 0; round < 20; round++) {
        const frames = await Frames.ready(system.url);
        frames.send(subscribe());
        for (let turn = 0; turn < round; turn++) await nextTurn();
        end(frames);
      }
    });

    test('`complete` right after `subscribe`, on a socket that stays', async () => {
      const frames = await Frames.ready(system.url);
      for (let round = 0; round < 20; round++) {
        frames.send(subscribe());
        for (let turn = 0; turn < round; turn++) await nextTurn();
        frames.send({ id: '1', type: 'complete' });
      }
      await held.untilSubscriptions(0);
      await vi.waitFor(async () => expect(await held.now()).toEqual({ ...before, sockets: 1 }), WAIT);
      await frames.close();
    });

    test.each([
      ['complete', (frames: Frames) => frames.send({ id: '1', type: 'complete' })],
      ['the end of the socket', (frames: Frames) => frames.socket.terminate()],
    ])('%s while the database is queried', async (_what, end) => {
      const subscribed = subscriptions();
      const database = heldDatabase();
      const frames = await Frames.ready(system.url);
      frames.send(subscribe());
      await database.asked();
      end(frames);
      if (frames.socket.readyState === frames.socket.OPEN) {
        frames.send({ type: 'ping' });
        await frames.next();
      } else await untilGone();
      database.letGo();
      await vi.waitFor(() => expect(subscribed()).toBe(1), WAIT);
      await held.untilSubscriptions(0);
      await frames.close();
    });

    test.each([
      [4400, 'nonsense', 'nonsense'],
      [4400, "a server's message", JSON.stringify({ type: 'next', id: '1', payload: {} })],
      [4429, 'a second connection_init', JSON.stringify({ type: 'connection_init' })],
      [4409, 'an id that is in use', JSON.stringify(subscribe())],
      [1009, 'too much', ' '.repeat(1_048_577)],
    ])('a socket that is closed with %i for %s stops listening at once', async (code, _what, fault) => {
      const frames = await Frames.ready(system.url);
      frames.send(subscribe());
      await held.untilSubscriptions(1);
      frames.send(fault);
      expect((await frames.closed).code).toBe(code);
    });

    test('a socket that was closed and does not answer the close frame holds no subscription and starts none', async () => {
      const subscribed = subscriptions();
      const frames = await Frames.ready(system.url);
      frames.send(subscribe());
      await held.untilSubscriptions(1);
      frames.socket.pause();
      frames.send('nonsense', subscribe({ query: CHANGES }, '2'));
      await vi.waitFor(async () => expect(await held.now()).toEqual({ ...before, sockets: 1 }), WAIT);
      expect(subscribed()).toBe(1);
      frames.socket.terminate();
    });
  });

  test('a server that stops while clients listen over SSE and WebSocket', async () => {
    const { url, stop } = await startServer(system.app, clientDir());
    const stream = fetch(`${url}/graphql?${search()}`, { headers: STREAM });
    const frames = await Frames.ready(url);
    frames.send({ id: '1', type: 'subscribe', payload: operation });
    await held.untilSubscriptions(2);
    const ended = stream.then((response) => response.text()).catch(() => 'cut');
    await stop();
    expect((await frames.closed).code).toBe(1001);
    await ended;
  });

  function search(): URLSearchParams {
    return new URLSearchParams({ query: EVENTS, variables: JSON.stringify({ id }) });
  }

  function tooComplex() {
    return {
      query: EVENTS.replace('cursor', Array.from({ length: 301 }, (_, n) => `a${n}: cursor`).join(' ')),
    };
  }

  /** A connection on which these operations were sent, in order. */
  async function written(...operations: object[]): Promise<Socket> {
    const { hostname, port, host } = new URL(system.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    const requests = operations.map((one) => {
      const body = JSON.stringify(one);
      const head = [
        'POST /graphql HTTP/1.1',
        `host: ${host}`,
        'accept: text/event-stream',
        'content-type: application/json',
        `content-length: ${Buffer.byteLength(body)}`,
      ];
      return `${head.join('\r\n')}\r\n\r\n${body}`;
    });
    await new Promise<void>((resolve) => socket.write(requests.join(''), () => resolve()));
    return socket;
  }

  /** The whole of a stream, over an agent's connection. */
  async function stream(agent: Agent, payload: object): Promise<string> {
    const outgoing = request(`${system.url}/graphql`, {
      agent,
      method: 'POST',
      headers: { ...STREAM, 'content-type': 'application/json' },
    });
    outgoing.end(JSON.stringify(payload));
    return new Promise((resolve, reject) => {
      outgoing.on('response', (response) => void text(response).then(resolve, reject));
      outgoing.on('error', reject);
    });
  }

  /** Waits until the server has noticed that the last caller is gone: a later caller has been answered. */
  async function untilGone(): Promise<void> {
    await post(system.url, { query: '{ viewer { id } }' });
  }
});

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
