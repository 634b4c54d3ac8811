import { spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createRedisNode, type RedisNode } from './redis-node.ts';

/** Whether this machine has a Redis server to start. */
export function hasRedisServer(): boolean {
  return spawnSync('redis-server', ['--version']).status === 0;
}

/** As a Redis is shipped here: an append-only file, and nothing is evicted. */
const AS_SHIPPED = ['save ""', 'appendonly yes', 'appendfsync everysec', 'maxmemory-policy noeviction'];

/** `forget` loses its append-only file while it is down. */
export type OwnRedis = RedisNode & { forget(): Promise<void> };

export async function createOwnRedis(settings: readonly string[] = []): Promise<OwnRedis> {
  const node = await createRedisNode({ settings: [...AS_SHIPPED, ...settings] });
  const forget = () => rm(join(node.directory, 'appendonlydir'), { recursive: true, force: true });
  return { ...node, forget };
}
