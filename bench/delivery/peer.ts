import { join } from 'node:path';
import { Redis } from 'ioredis';
import { startProcess } from '../process.ts';
import type { Contender, ContenderName } from './contender.ts';
import { packetOf } from './peers/packet.mjs';
import { Speech } from './speech.ts';

/** Starts a peer. Its events have the fields that TaskFlow's feed publishes, and go by the same Redis. */
export async function startPeer(
  name: Exclude<ContenderName, 'taskflow'>,
  redisUrl: string,
): Promise<Contender> {
  const prefix = `bench-${name}`;
  const env = { ...process.env, NODE_ENV: 'production', REDIS_URL: redisUrl, REDIS_PREFIX: prefix };
  const server = await startProcess(join(import.meta.dirname, 'peers', `${name}.mjs`), env);
  const redis = new Redis(redisUrl);
  let packets = 0;

  const publish = (speech: Speech) => {
    const channel = `${prefix}:${speech.conversationId}`;
    const { turnId, epoch } = speech;
    const place = { epoch, seq: speech.sent + 1, at: Date.now() };
    const event = { ...place, type: 'TurnTextAdded', turnId, ...speech.next(), tokens: 1 };
    return name === 'mercurius'
      ? redis.publish(channel, packetOf(`packet-${packets++}`, channel, event))
      : redis.publish(channel, JSON.stringify(event));
  };
  return {
    name,
    process: server,
    open: async (count) =>
      Array.from({ length: count }, () => {
        const speech = new Speech();
        return {
          variables: { conversationId: speech.conversationId, after: null },
          get sent() {
            return speech.sent;
          },
          speak: () => publish(speech),
        };
      }),
    async inOnePiece(publishAll) {
      await redis.multi({ pipeline: false });
      publishAll();
      await redis.exec();
    },
    async stop() {
      redis.disconnect();
      await server.stop();
    },
  };
}
