import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';
import { end, type OwnServer, signalAll, startUntil } from './own-server.ts';

/** One redis-server on loopback, on a port and in a folder of its own. */
export interface RedisNode extends OwnServer {
  readonly port: number;
  readonly directory: string;
  /** Sends one command on a connection of its own; rejects with the error of Redis. */
  command(...args: (string | number)[]): Promise<unknown>;
}

export interface RedisNodeOptions {
  /** Lines of its configuration file, in addition to its port, address and folder. */
  settings: readonly string[];
  isSentinel?: boolean;
}

/** Starts it. */
export async function createRedisNode({ settings, isSentinel }: RedisNodeOptions): Promise<RedisNode> {
  const directory = await mkdtemp(join(tmpdir(), 'taskflow-redis-'));
  const port = await freePort();
  const file = join(directory, 'redis.conf');
  const own = [`port ${port}`, 'bind 127.0.0.1', `dir ${directory}`];
  await writeFile(file, `${[...own, ...settings].join('\n')}\n`);
  let child: ChildProcess | null = null;
  const kill = async () => {
    if (child) await end(child, 'SIGKILL');
    child = null;
  };
  const node: RedisNode = {
    ...{ url: `redis://127.0.0.1:${port}`, port, directory, kill },
    async start() {
      const args = isSentinel ? [file, '--sentinel'] : [file];
      child = await startUntil('redis-server', args, {}, () => answers(port));
    },
    freeze: () => void (child && signalAll(child, 'SIGSTOP')),
    thaw: () => void (child && signalAll(child, 'SIGCONT')),
    command: (...args) =>
      onConnection(port, (redis) => redis.call(...(args.map(String) as [string, ...string[]]))),
    async remove() {
      await kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
  await node.start();
  return node;
}

/** The value of a field of a node's INFO; empty if it is missing. */
export async function infoOf(node: RedisNode, section: string, field: string): Promise<string> {
  const info = String(await node.command('INFO', section));
  return new RegExp(`^${field}:(\\S*)`, 'm').exec(info)?.[1] ?? '';
}

/** Resolves once the condition holds; an error counts as not yet. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds().catch(() => false))) await new Promise((resolve) => setTimeout(resolve, 50));
}

async function answers(port: number): Promise<boolean> {
  return onConnection(port, (redis) => redis.ping()).then(
    () => true,
    // A server that requires a password is up.
    ({ message }: Error) => message.startsWith('NOAUTH'),
  );
}

async function onConnection<T>(port: number, ask: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(port, '127.0.0.1', {
    ...{ lazyConnect: true, enableReadyCheck: false, retryStrategy: () => null },
  });
  redis.on('error', () => {});
  try {
    await redis.connect();
    return await ask(redis);
  } finally {
    redis.disconnect();
  }
}
