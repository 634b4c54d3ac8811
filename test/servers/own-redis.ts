import { type ChildProcess, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';
import { end, type OwnServer, signalAll, startUntil } from './own-server.ts';

/** Whether this machine has a Redis server to start. */
export function hasRedisServer(): boolean {
  return spawnSync('redis-server', ['--version']).status === 0;
}

/** A Redis with an append-only file, as it is shipped; `forget` loses that file while it is down. */
export async function createOwnRedis(): Promise<OwnServer & { forget(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'taskflow-redis-'));
  const port = await freePort();
  let child: ChildProcess | null = null;
  const args = [
    '--port',
    port,
    '--bind',
    '127.0.0.1',
    '--dir',
    directory,
    '--save',
    '',
    '--appendonly',
    'yes',
  ];
  const policy = ['--appendfsync', 'everysec', '--maxmemory-policy', 'noeviction'];
  const kill = async () => {
    if (child) await end(child, 'SIGKILL');
    child = null;
  };
  const server = {
    url: `redis://127.0.0.1:${port}`,
    async start() {
      child = await startUntil('redis-server', [...args, ...policy].map(String), {}, () => answers(port));
    },
    kill,
    freeze: () => void (child && signalAll(child, 'SIGSTOP')),
    thaw: () => void (child && signalAll(child, 'SIGCONT')),
    forget: () => rm(join(directory, 'appendonlydir'), { recursive: true, force: true }),
    async remove() {
      await kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

async function answers(port: number): Promise<boolean> {
  const redis = new Redis(port, '127.0.0.1', { lazyConnect: true, retryStrategy: () => null });
  redis.on('error', () => {});
  try {
    await redis.connect();
    return true;
  } catch {
    return false;
  } finally {
    redis.disconnect();
  }
}
