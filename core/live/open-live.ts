import { StoreClock } from '../clock/store-clock.ts';
import { StoreUnavailableError } from '../domain/errors.ts';
import { connectRedis, connectSubscriber, timed } from '../redis/connect.ts';
import { cannotBeUsed } from '../redis/locate.ts';
import type { RedisLocation } from '../redis/location.ts';
import { memoryIn } from '../redis/memory.ts';
import { writeEverywhere } from '../redis/probe.ts';
import { redisTime } from '../redis/time.ts';
import type { Log } from '../telemetry/log.ts';
import type { StoreSizes } from '../telemetry/measured-parts.ts';
import type { ConversationChanges } from './changes/conversation-changes.ts';
import { MemoryChanges } from './changes/memory.ts';
import { RedisChanges } from './changes/redis.ts';
import type { Feed } from './feed/feed.ts';
import { MemoryFeed } from './feed/memory.ts';
import type { Reconcile } from './feed/reconciled.ts';
import { RedisFeed } from './feed/redis.ts';
import { MemoryModelHealth } from './model-health/memory.ts';
import type { ModelHealth } from './model-health/model-health.ts';
import { RedisModelHealth } from './model-health/redis.ts';
import { MemoryPresence } from './presence/memory.ts';
import type { Presence } from './presence/presence.ts';
import { RedisPresence } from './presence/redis.ts';
import { LivePush } from './push/live-push.ts';
import { MemoryRates } from './rates/memory.ts';
import type { Rates } from './rates/rates.ts';
import { RedisRates } from './rates/redis.ts';
import { MemoryRevocations } from './revocations/memory.ts';
import { RedisRevocations } from './revocations/redis.ts';
import type { Revocations } from './revocations/revocations.ts';
import { MemoryTurnSlots } from './turn-slots/memory.ts';
import { RedisTurnSlots } from './turn-slots/redis.ts';
import type { TurnSlots } from './turn-slots/turn-slots.ts';

/** The stores of live state: Redis, or this process. */
export interface Live {
  readonly feed: Feed;
  readonly changes: ConversationChanges;
  readonly presence: Presence;
  readonly modelHealth: ModelHealth;
  readonly slots: TurnSlots;
  readonly revocations: Revocations;
  readonly rates: Rates;
  /** The time of the store; null when that is this process. */
  readonly clock: StoreClock | null;
  /** The memory of Redis in bytes; `redisLimit` 0: it has no limit. Empty without Redis, and on a Cluster. */
  sizes(): Promise<Pick<StoreSizes, 'redis' | 'redisLimit'>>;
  /** Resolves when the store accepts writes and delivers what is published. */
  ready(): Promise<void>;
  stop(): Promise<void>;
}

/** Live state within one process. */
export function openInProcess({
  turnsPerOwner,
  reconcile,
}: {
  turnsPerOwner: number;
  reconcile?: Reconcile;
}): Live {
  const feed = new MemoryFeed({ reconcile });
  const changes = new MemoryChanges();
  const presence = new MemoryPresence();
  const modelHealth = new MemoryModelHealth();
  const slots = new MemoryTurnSlots({ limit: turnsPerOwner });
  const revocations = new MemoryRevocations();
  const rates = new MemoryRates();
  return {
    feed,
    changes,
    presence,
    modelHealth,
    slots,
    revocations,
    rates,
    clock: null,
    sizes: async () => ({}),
    ready: async () => {},
    stop: async () => {
      await presence.stop();
      await feed.stop();
      await changes.stop();
    },
  };
}

/** Live state shared by all processes on this Redis. Reconnects later on. @throws {RedisError} when it cannot be reached now */
export async function openRedis(options: {
  location: RedisLocation;
  log: Log;
  prefix: string;
  turnsPerOwner: number;
  /** Applies the conversation's row to a feed that Redis has lost. */
  reconcile?: Reconcile;
  /** Called after each command with its duration in milliseconds. */
  onCommand: (name: string, ms: number) => void;
  /** See {@link StoreClock}. */
  onClock?: (aheadMs: number) => void;
}): Promise<Live> {
  const { location, log, prefix, turnsPerOwner, reconcile, onCommand, onClock } = options;
  const { redis, run } = await connectRedis(location, log);
  timed(redis, onCommand);
  const subscriber = await connectSubscriber(location, log, redis);
  const push = new LivePush(redis, subscriber, prefix);
  const clock = await StoreClock.open({
    ask: () => redisTime(redis, prefix),
    onMeasured: (aheadMs) => onClock?.(aheadMs),
  });
  const now = () => clock.now();
  const feed = new RedisFeed({ redis, run, push, prefix, reconcile, now });
  const changes = new RedisChanges({ redis, push, prefix });
  const presence = new RedisPresence({ redis, log, prefix, now });
  const slots = new RedisTurnSlots({ redis, limit: turnsPerOwner, prefix });
  const revocations = new RedisRevocations({ redis, push, log, prefix });
  const rates = new RedisRates({ redis, prefix });
  const modelHealth = await RedisModelHealth.open({ redis, push, log, prefix, now }).catch((error: Error) => {
    throw cannotBeUsed(location, error.message, error);
  });
  return {
    clock,
    feed,
    changes,
    presence,
    modelHealth,
    slots,
    revocations,
    rates,
    sizes: async () => (redis.isCluster ? {} : memoryIn(await redis.info('memory'))),
    ready: async () => {
      await writeEverywhere(redis, prefix);
      if (!push.isConnected) throw new StoreUnavailableError('the connection for subscriptions is lost');
    },
    stop: async () => {
      clock.stop();
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
