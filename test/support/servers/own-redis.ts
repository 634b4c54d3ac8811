import { spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createRedisNode, type RedisNode } from './redis-node.ts';

/** Whether this machine has a Redis server to start. */
export function hasRedisServer(): boolean {
  return spawnSync('redis-server', ['--version']).status === 0;
}

/** The shipped configuration: an append-only file, and no eviction. */
const AS_SHIPPED = ['save ""', 'appendonly yes', 'appendfsync everysec', 'maxmemory-policy noeviction'];

/** `dropData` deletes its append-only file while it is down. */
export type OwnRedis = RedisNode & { dropData(): Promise<void> };

export async function createOwnRedis(settings: readonly string[] = []): Promise<OwnRedis> {
  const node = await createRedisNode({ settings: [...AS_SHIPPED, ...settings] });
  const dropData = () => rm(join(node.directory, 'appendonlydir'), { recursive: true, force: true });
  return { ...node, dropData };
}
