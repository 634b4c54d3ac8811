import { once } from 'node:events';
import { createServer } from 'node:http';
import { Redis } from 'ioredis';
import { WebSocketServer } from 'ws';
import { channelOf, heardOf } from './event.mjs';
import { listen } from './ready.mjs';

/**
 * What a careful hand writes without GraphQL: ws and ioredis, an object of listeners per conversation. An event is parsed
 * and serialized once, however many listen; each listener's frame has its own id.
 */
const redis = new Redis(process.env.REDIS_URL);
await once(redis, 'ready');
const listenersOf = new Map();

redis.on('message', (channel, message) => {
  const payload = JSON.stringify({ data: { conversationEvents: heardOf(JSON.parse(message)) } });
  for (const { socket, id } of listenersOf.get(channel) ?? [])
    socket.send(`{"id":"${id}","type":"next","payload":${payload}}`);
});

const server = createServer((_request, response) => response.writeHead(404).end());
const sockets = new WebSocketServer({
  server,
  path: '/graphql',
  handleProtocols: () => 'graphql-transport-ws',
});
sockets.on('connection', (socket) => {
  const open = new Map();
  const stop = (id) => {
    open.get(id)?.();
    open.delete(id);
  };
  socket.on('message', (data) => {
    const { type, id, payload } = JSON.parse(data);
    if (type === 'connection_init') socket.send('{"type":"connection_ack"}');
    if (type === 'ping') socket.send('{"type":"pong"}');
    if (type === 'complete') stop(id);
    if (type === 'subscribe')
      open.set(id, follow(channelOf(payload.variables.conversationId), { socket, id }));
  });
  socket.on('close', () => {
    for (const id of open.keys()) stop(id);
  });
});

function follow(channel, listener) {
  const listeners = listenersOf.get(channel) ?? new Set();
  if (listeners.size === 0) {
    listenersOf.set(channel, listeners);
    redis.subscribe(channel);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    listenersOf.delete(channel);
    redis.unsubscribe(channel);
  };
}

listen(server);
