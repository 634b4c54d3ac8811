import Fastify from 'fastify';
import mercurius from 'mercurius';
import emitterOnRedis from 'mqemitter-redis';
import { channelOf } from './event.mjs';
import { reportReady } from './ready.mjs';
import { schemaWith } from './schema.mjs';

/** Mercurius with the emitter for Redis that its page on subscriptions names. */
const app = Fastify();
const { hostname: host, port, pathname } = new URL(process.env.REDIS_URL);
await app.register(mercurius, {
  schema: schemaWith((conversationId, { pubsub }) => pubsub.subscribe(channelOf(conversationId))),
  subscription: { emitter: emitterOnRedis({ host, port: Number(port), db: Number(pathname.slice(1) || 0) }) },
});
await app.listen({ host: '127.0.0.1', port: 0 });
reportReady(app.server.address().port);
