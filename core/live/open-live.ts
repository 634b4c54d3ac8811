import type { ConversationChanges } from '../changes/conversation-changes.ts';
import { MemoryChanges } from '../changes/memory.ts';
import { RedisChanges } from '../changes/redis.ts';
import type { Feed } from '../feed/feed.ts';
import { MemoryFeed } from '../feed/memory.ts';
import { RedisFeed } from '../feed/redis.ts';
import { MemoryModelHealth } from '../model-health/memory.ts';
import type { ModelHealth } from '../model-health/model-health.ts';
import { RedisModelHealth } from '../model-health/redis.ts';
import { MemoryPresence } from '../presence/memory.ts';
import type { Presence } from '../presence/presence.ts';
import { RedisPresence } from '../presence/redis.ts';
import { connectRedis, connectRedisRun, impatient, patient, timed } from '../redis.ts';
import type { Log } from '../telemetry/log.ts';
import { LivePush } from './live-push.ts';

/** What is live of the conversations. */
export interface Live {
  readonly feed: Feed;
  readonly changes: ConversationChanges;
  readonly presence: Presence;
  readonly modelHealth: ModelHealth;
  /** Resolves when the store behind it answers. */
  ready(): Promise<void>;
  stop(): Promise<void>;
}

/** Of one process alone. */
export function openInProcess(): Live {
  const feed = new MemoryFeed();
  const changes = new MemoryChanges();
  const presence = new MemoryPresence();
  const modelHealth = new MemoryModelHealth();
  return {
    feed,
    changes,
    presence,
    modelHealth,
    ready: async () => {},
    stop: async () => {
      await presence.stop();
      await feed.stop();
      await changes.stop();
    },
  };
}

/**
 * Of every process on this Redis. @throws {RedisError} when it cannot be reached now; later it is waited for
 */
export async function openRedis(options: {
  url: string;
  log: Log;
  prefix: string;
  /** Told of each command, and how long its answer took, in milliseconds. */
  onCommand: (name: string, ms: number) => void;
}): Promise<Live> {
  const { url, log, prefix, onCommand } = options;
  const { redis, run } = await connectRedisRun(impatient(url), log);
  timed(redis, onCommand);
  const subscriber = await connectRedis(patient(url), log);
  const push = new LivePush(redis, subscriber);
  const feed = new RedisFeed({ redis, run, push, prefix });
  const changes = new RedisChanges({ redis, push, prefix });
  const presence = new RedisPresence({ redis, log, prefix });
  const modelHealth = await RedisModelHealth.open({ redis, push, log, prefix });
  return {
    feed,
    changes,
    presence,
    modelHealth,
    ready: async () => void (await redis.ping()),
    stop: async () => {
      await presence.stop();
      await modelHealth.stop();
      push.stop();
      await feed.stop();
      await changes.stop();
      subscriber.disconnect();
      redis.disconnect();
    },
  };
}
