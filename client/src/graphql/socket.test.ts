import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { follow } from '../live/follow.ts';
import { createSocket, type Socket } from './socket.ts';

/** Implements just enough of graphql-transport-ws for subscriptions. */
let server: WebSocketServer;
let socket: Socket;
let page: EventTarget;
let pauses: number[];
let subscribed: ReturnType<typeof channel<{ after: unknown; peer: WebSocket; id: string }>>;

beforeEach(async () => {
  pauses = [];
  page = new EventTarget();
  subscribed = channel();
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'graphql-transport-ws' });
  await once(server, 'listening');
  server.on('connection', (peer) => {
    peer.on('message', (data) => {
      const message = JSON.parse(String(data));
      if (message.type === 'connection_init') peer.send('{"type":"connection_ack"}');
      if (message.type === 'subscribe') {
        subscribed.put({ after: message.payload.variables.after, peer, id: message.id });
      }
    });
  });
  const { port } = server.address() as AddressInfo;
  socket = createSocket({
    url: `ws://127.0.0.1:${port}`,
    page,
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
