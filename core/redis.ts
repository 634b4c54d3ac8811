import { Redis, type RedisOptions } from 'ioredis';
import { RedisRun } from './redis-run.ts';
import type { Log } from './telemetry/log.ts';

/** Redis cannot be used as it is configured; the message is one line without the password. */
export class RedisError extends Error {
  override name = 'RedisError';
}

/** How long a command may take before the caller is told that Redis is away, in milliseconds. */
const COMMAND_TIMEOUT_MS = 1_500;
/** Longest wait between two attempts to connect, in milliseconds. */
const RECONNECT_MS = 1_000;

/**
 * Options of a connection on which a caller waits: while Redis is away a command fails at once instead of queueing
 * up, and one that gets no answer fails in time.
 */
export function impatient(url: string): RedisOptions {
  return {
    ...fromUrl(url),
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_TIMEOUT_MS,
  };
}

/** Options of a connection that waits for Redis to come back, however long: subscriptions, and workers. */
export function patient(url: string): RedisOptions {
  return { ...fromUrl(url), maxRetriesPerRequest: null };
}

/**
 * Connects, and stays connected: what is lost is connected again, for ever.
 * @throws {RedisError} when the first attempt fails
 */
export async function connectRedis(options: RedisOptions, log: Log): Promise<Redis> {
  return (await connectRedisRun(options, log)).redis;
}

/** As {@link connectRedis}, and knows which run of the server it leads to. */
export async function connectRedisRun(
  options: RedisOptions,
  log: Log,
): Promise<{ redis: Redis; run: RedisRun }> {
  const redis = new Redis({ ...options, lazyConnect: true });
  const run = new RedisRun(redis);
  let last: Error | null = null;
  redis.on('error', (err) => {
    last = err;
    log.warn({ err }, 'Redis has trouble');
  });
  try {
    await redis.connect();
    return { redis, run };
  } catch (error) {
    redis.disconnect();
    const reason = (last ?? (error as Error)).message;
    throw new RedisError(`REDIS_URL: Redis at ${options.host}:${options.port} cannot be used: ${reason}`, {
      cause: error,
    });
  }
}

/** Has each command's name and time, in milliseconds, told when its answer comes. */
export function timed(redis: Redis, onCommand: (name: string, ms: number) => void): void {
  const send = redis.sendCommand.bind(redis);
  redis.sendCommand = (command, stream) => {
    const begun = performance.now();
    const answered = () => onCommand(command.name, performance.now() - begun);
    command.promise.then(answered, answered);
    return send(command, stream);
  };
}

function fromUrl(url: string): RedisOptions {
  const { hostname, port, username, password, pathname, protocol } = new URL(url);
  const db = Number(pathname.slice(1) || 0);
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || 6379),
    ...(username ? { username: decodeURIComponent(username) } : {}),
    ...(password ? { password: decodeURIComponent(password) } : {}),
    ...(Number.isInteger(db) ? { db } : {}),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 6), RECONNECT_MS),
  };
}
