import calculateSlot from 'cluster-key-slot';
import type { Cluster } from 'ioredis';
import type { RedisClient } from './connect.ts';

/** How long what a probe wrote is kept, in milliseconds. */
const PROBE_AGE_MS = 10_000;
/** How many keys are tried for one that each master of a Cluster serves: ten times what 100 masters need. */
const PROBE_KEYS = 5_000;

/**
 * Writes a small key of its own to the server, or to every master of a Cluster, in one round trip. Rejects with what
 * Redis answers where one of them takes no writes.
 */
export async function writeEverywhere(redis: RedisClient, prefix: string): Promise<void> {
  const keys = redis.isCluster ? keysOfMasters(redis as Cluster, prefix) : [`${prefix}:probe`];
  await Promise.all(keys.map((key) => redis.set(key, '1', 'PX', PROBE_AGE_MS)));
}

/** A key of each master, by the slots as the client knows them. */
function keysOfMasters(cluster: Cluster, prefix: string): string[] {
  const slots = (cluster as unknown as { slots: (string[] | undefined)[] }).slots;
  const masters = new Set(Array.from(slots, (nodes) => nodes?.[0])).size;
  const keys = new Map<string | undefined, string>();
  for (let i = 0; i < PROBE_KEYS && keys.size < masters; i++) {
    const key = `${prefix}:probe:${i}`;
    const [master] = slots[calculateSlot(key)] ?? [];
    if (!keys.has(master)) keys.set(master, key);
  }
  return [...keys.values()];
}
