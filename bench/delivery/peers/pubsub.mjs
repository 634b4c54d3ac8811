import { once } from 'node:events';
import { RedisPubSub } from 'graphql-redis-subscriptions';
import { Redis } from 'ioredis';
import { channelOf } from './event.mjs';

async function connect() {
  const redis = new Redis(process.env.REDIS_URL);
  await once(redis, 'ready');
  return redis;
}

/** Subscribes through graphql-redis-subscriptions, as its documentation shows it. */
export async function openPubSub() {
  const pubsub = new RedisPubSub({ publisher: await connect(), subscriber: await connect() });
  return (conversationId) => pubsub.asyncIterableIterator(channelOf(conversationId));
}
