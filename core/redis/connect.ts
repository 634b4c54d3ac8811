import { Cluster, Redis } from 'ioredis';
import { within } from '../async/within.ts';
import type { Log } from '../telemetry/log.ts';
import { anyNodeOf } from './any-node.ts';
import { ClusterRun } from './cluster-run.ts';
import { redisFault } from './errors.ts';
import { EvictionWatch } from './eviction.ts';
import { failFastCluster } from './fail-fast-cluster.ts';
import { cannotBeUsed } from './locate.ts';
import type { RedisLocation } from './location.ts';
import { clusterOptions, redisOptions, type WaitMode } from './options.ts';
import { RedisRun, type ServerRun } from './run.ts';
import { writeTogether } from './write-together.ts';

/** One connection, or one to each node of a Cluster. */
export type RedisClient = Redis | Cluster;

/**
 * The longest wait for the first connection, in milliseconds. The server is known to exist by then, but it may load its data
 * or fail over.
 */
const CONNECT_WITHIN_MS = 60_000;

/** Creates a client without connecting it. */
export function createRedis(location: RedisLocation, mode: WaitMode): RedisClient {
  if (location.kind !== 'cluster') return new Redis({ ...redisOptions(location, mode), lazyConnect: true });
  const cluster = new Cluster([...location.hosts], clusterOptions(location, mode));
  return mode === 'failFast' ? failFastCluster(cluster) : cluster;
}

/**
 * Connects for commands that callers wait for, and reconnects forever. Its commands reject with a StoreUnavailableError
 * when Redis is unavailable. `run` identifies the run of the server that they reach.
 * @throws {RedisError} when the first attempt fails
 */
export async function connectRedis(
  location: RedisLocation,
  log: Log,
): Promise<{ redis: RedisClient; run: ServerRun }> {
  const redis = createRedis(location, 'failFast');
  const run = redis.isCluster ? new ClusterRun(redis as Cluster) : new RedisRun(redis as Redis);
  new EvictionWatch(redis, log);
  writeTogether(redis);
  await firstConnection(redis, location, log);
  throughBorder(redis);
  return { redis, run };
}

/**
 * Connects for subscriptions, in the same way. On a Cluster, `beside` is the client that knows the nodes.
 * @throws {RedisError} when the first attempt fails
 */
export async function connectSubscriber(
  location: RedisLocation,
  log: Log,
  beside: RedisClient,
): Promise<Redis> {
  const toCluster = location.kind === 'cluster' && { Connector: anyNodeOf(beside as Cluster, location) };
  const subscriber = new Redis({ ...redisOptions(location, 'blocking'), ...toCluster, lazyConnect: true });
  await firstConnection(subscriber, location, log);
  return subscriber;
}

async function firstConnection(redis: RedisClient, location: RedisLocation, log: Log): Promise<void> {
  let last: Error | null = null;
  redis.on('error', (err: Error) => {
    last = err;
    log.warn({ err: redisFault(err) }, 'Redis connection failed');
  });
  try {
    await within(CONNECT_WITHIN_MS, redis.connect());
  } catch (error) {
    redis.disconnect();
    throw cannotBeUsed(location, (last ?? (error as Error)).message, error);
  }
}

/** Makes the commands of a client reject with a StoreUnavailableError when Redis is unavailable. */
export function throughBorder(redis: RedisClient): void {
  const send = redis.sendCommand.bind(redis) as (...args: unknown[]) => Promise<unknown>;
  redis.sendCommand = ((...args: unknown[]) => {
    const reply = send(...args).catch((error) => {
      throw redisFault(error);
    });
    // A pipeline looks at its commands, not at what sending them returns.
    reply.catch(() => {});
    return reply;
  }) as never;
}

/** Calls `onCommand` with the name and the duration, in milliseconds, of each command when it has ended. */
export function timed(redis: RedisClient, onCommand: (name: string, ms: number) => void): void {
  const send = redis.sendCommand.bind(redis) as (...args: unknown[]) => unknown;
  redis.sendCommand = ((command: Parameters<Redis['sendCommand']>[0], ...rest: unknown[]) => {
    const begun = performance.now();
    const answered = () => onCommand(command.name, performance.now() - begun);
    command.promise.then(answered, answered);
    return send(command, ...rest);
  }) as never;
}
