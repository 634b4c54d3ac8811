import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { follow } from './follow.ts';
import { renewOver } from './renew-over.ts';
import { createSocket, type Socket } from './socket.ts';

/** Implements just enough of graphql-transport-ws for subscriptions. */
let server: WebSocketServer;
let socket: Socket;
let page: EventTarget;
let pauses: number[];
let subscribed: ReturnType<typeof channel<{ after: unknown; peer: WebSocket; id: string }>>;
let begun: unknown[];
let renewed: unknown[];
let authorization: () => Promise<string | null>;
let refused: (string | null)[];
/** What the server answers to a renewal. */
let renewal: string;

beforeEach(async () => {
  pauses = [];
  page = new EventTarget();
  subscribed = channel();
  [begun, renewed, refused] = [[], [], []];
  authorization = async () => null;
  renewal = 'RenewSessionSuccess';
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'graphql-transport-ws' });
  await once(server, 'listening');
  server.on('connection', (peer) => {
    peer.on('message', (data) => {
      const message = JSON.parse(String(data));
      if (message.type === 'connection_init') {
        begun.push(message.payload?.authorization);
        peer.send('{"type":"connection_ack"}');
      }
      if (message.payload?.operationName === 'RenewSession') {
        renewed.push(message.payload.variables.input.token);
        const data = { renewSession: { __typename: renewal } };
        peer.send(JSON.stringify({ id: message.id, type: 'next', payload: { data } }));
        peer.send(JSON.stringify({ id: message.id, type: 'complete' }));
      } else if (message.type === 'subscribe') {
        subscribed.put({ after: message.payload.variables.after, peer, id: message.id });
      }
    });
  });
  const { port } = server.address() as AddressInfo;
  socket = createSocket({
    url: `ws://127.0.0.1:${port}`,
    authority: { authorization: () => authorization(), refused: (it) => refused.push(it) },
    ...{ page, renewOver },
    webSocketImpl: WebSocket,
    pause: async (ms) => {
      pauses.push(ms);
    },
  });
});

afterEach(async () => {
  await socket.stop();
  for (const peer of server.clients) peer.terminate();
  server.close();
});

function followFrom(after: string) {
  const events = channel<string>();
  const stop = follow({
    client: socket.client,
    conversationId: 'c',
    after,
    onEvent: (event) => events.put(event.cursor),
    onRefused: () => {},
    pause: async () => {},
  });
  return { events, stop };
}

const next = (id: string, cursor: string) =>
  JSON.stringify({
    id,
    type: 'next',
    payload: { data: { conversationEvents: { __typename: 'FeedReset', cursor, at: '' } } },
  });

it('a lost connection is resumed after the last event heard', async () => {
  const { events, stop } = followFrom('e0');
  const first = await subscribed.take();
  expect(first.after).toBe('e0');
  first.peer.send(next(first.id, 'e1'));
  first.peer.send(next(first.id, 'e2'));
  expect([await events.take(), await events.take()]).toEqual(['e1', 'e2']);
  first.peer.terminate();
  expect((await subscribed.take()).after).toBe('e2');
  expect(pauses).toHaveLength(1);
  stop();
});

it('after a server has shut down (1001), the client reconnects at once, without back-off', async () => {
  const { stop } = followFrom('e0');
  (await subscribed.take()).peer.close(1001);
  await subscribed.take();
  expect(pauses).toEqual([]);
  stop();
});

it('a fatal close code (4500) is followed by a reconnect, too', async () => {
  const { stop } = followFrom('e0');
  (await subscribed.take()).peer.close(4500, 'Internal server error');
  await subscribed.take();
  stop();
});

it('going offline drops the socket, and the reconnect is reported', async () => {
  const found = channel<true>();
  socket.onReconnected(() => found.put(true));
  const { stop } = followFrom('e0');
  await subscribed.take();
  page.dispatchEvent(new Event('offline'));
  await found.take();
  await subscribed.take();
  stop();
});

it('going offline drops a socket that is being opened, and another one is opened', async () => {
  const handshakes = channel<(isAccepted: boolean) => void>();
  server.options.verifyClient = (_, answer) => handshakes.put(answer);
  const { stop } = followFrom('e0');
  await handshakes.take();
  page.dispatchEvent(new Event('offline'));
  (await handshakes.take())(true);
  expect(await subscribed.take()).toMatchObject({ after: 'e0' });
  stop();
});

it('a socket is opened by a token, when there is one, and not before', async () => {
  let signIn = (_token: string) => {};
  authorization = () =>
    new Promise((resolve) => {
      signIn = resolve;
    });
  const { stop } = followFrom('e0');
  await new Promise((resolve) => setImmediate(resolve));
  expect(server.clients.size).toBe(0);
  signIn('Bearer a');
  await subscribed.take();
  expect(begun).toEqual(['Bearer a']);
  stop();
});

it('a token that cannot be got is asked for again, with back-off', async () => {
  let tries = 0;
  authorization = async () => {
    if (++tries < 3) throw new TypeError('Failed to fetch');
    return 'Bearer a';
  };
  const { stop } = followFrom('e0');
  await subscribed.take();
  expect([tries, pauses.length]).toEqual([3, 2]);
  stop();
});

it.each([4401, 4403])('a socket that is closed with %d comes back with another token', async (code) => {
  authorization = async () => `Bearer ${refused.length}`;
  const { stop } = followFrom('e0');
  (await subscribed.take()).peer.close(code);
  await subscribed.take();
  expect(refused).toEqual(['Bearer 0']);
  expect(begun).toEqual(['Bearer 0', 'Bearer 1']);
  // Who lost their right to a newer token need not wait.
  if (code === 4403) expect(pauses).toEqual([]);
  stop();
});

it('an open socket goes on with a new token, and is not closed', async () => {
  authorization = async () => 'Bearer a';
  const closes = channel<true>();
  const { stop, events } = followFrom('e0');
  const { peer, id } = await subscribed.take();
  peer.on('close', () => closes.put(true));
  socket.renew('a');
  socket.renew('b');
  await vi.waitFor(() => expect(renewed).toEqual(['b']), { timeout: 60_000 });
  peer.send(next(id, 'e1'));
  expect(await events.take()).toBe('e1');
  peer.close(4403);
  await subscribed.take();
  expect(refused).toEqual(['Bearer b']);
  stop();
});

it('a socket that may not go on with a new token is opened again', async () => {
  authorization = async () => `Bearer ${begun.length}`;
  renewal = 'ForbiddenError';
  const { stop } = followFrom('e0');
  await subscribed.take();
  socket.renew('1');
  await subscribed.take();
  expect([renewed, begun]).toEqual([['1'], ['Bearer 0', 'Bearer 1']]);
  stop();
});

function channel<T>() {
  const values: T[] = [];
  const takers: ((value: T) => void)[] = [];
  return {
    put(value: T) {
      const taker = takers.shift();
      if (taker) taker(value);
      else values.push(value);
    },
    take(): Promise<T> {
      const value = values.shift();
      return value !== undefined ? Promise.resolve(value) : new Promise((resolve) => takers.push(resolve));
    },
  };
}
