import calculateSlot from 'cluster-key-slot';
import type { Cluster } from 'ioredis';
import type { RedisClient } from './connect.ts';

/** The lifetime of a probe's keys, in milliseconds. */
const PROBE_AGE_MS = 10_000;
/** The most keys that are tried to find one for each master of a Cluster: ten times what 100 masters need. */
const PROBE_KEYS = 5_000;

/**
 * Writes a small key to the server, or to every master of a Cluster, in one round trip. Rejects with Redis's answer if one
 * of them takes no writes.
 */
export async function writeEverywhere(redis: RedisClient, prefix: string): Promise<void> {
  const keys = redis.isCluster ? keysOfMasters(redis as Cluster, prefix) : [`${prefix}:probe`];
  await Promise.all(keys.map((key) => redis.set(key, '1', 'PX', PROBE_AGE_MS)));
}

/** A key for each master, by the slots that the client knows. */
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
