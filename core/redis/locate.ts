import { Redis } from 'ioredis';
import { within } from '../async/within.ts';
import { isRedisRefusal, RedisError, unavailableCode } from './errors.ts';
import { describeRedis, parseRedisUrl, type RedisHost, type RedisLocation } from './location.ts';
import { COMMAND_TIMEOUT_MS, redisOptions } from './options.ts';

/** The longest wait for all hosts together, in milliseconds. */
const LOCATE_WITHIN_MS = 5_000;

/**
 * Parses REDIS_URL and asks the servers for their kind, so that a Cluster is used as one even if the URL does not say so.
 * @throws {RedisError} when no server can be reached, or when their kind differs from the URL
 */
export async function locateRedis(url: string): Promise<RedisLocation> {
  const location = parseRedisUrl(url);
  const found = location.kind === 'sentinel' ? askSentinels(location) : askServers(location);
  return await within(LOCATE_WITHIN_MS, found).catch((error: Error) => {
    throw error instanceof RedisError ? error : cannotBeUsed(location, error.message);
  });
}

/** The error for the operator about a Redis that cannot be used. */
export function cannotBeUsed(location: RedisLocation, reason: string, cause?: unknown): RedisError {
  return new RedisError(`REDIS_URL: ${describeRedis(location)} cannot be used: ${reason}`, { cause });
}

async function askServers(location: RedisLocation): Promise<RedisLocation> {
  const mode =
    (await firstAnswer(location, modeOf)) ?? (location.kind === 'cluster' ? 'cluster' : 'standalone');
  if (mode === 'sentinel')
    throw cannotBeUsed(location, 'it is a Sentinel; write redis+sentinel://host:port/name-of-the-master');
  if (mode === 'cluster') {
    if (location.db > 0) throw cannotBeUsed(location, 'a Redis Cluster has only database 0');
    return { ...location, kind: 'cluster' };
  }
  if (location.hosts.length > 1)
    throw cannotBeUsed(location, 'several hosts mean a Redis Cluster, and this server is not part of one');
  if (location.kind === 'cluster') throw cannotBeUsed(location, 'the server is not part of a Cluster');
  return location;
}

async function askSentinels(location: RedisLocation): Promise<RedisLocation> {
  const { master = '', sentinelUsername: username, sentinelPassword: password } = location;
  const asked = { ...location, kind: 'server' as const, db: 0, username, password };
  const { username: _user, password: _password, ...anonymous } = asked;
  const address = await firstAnswer(
    { ...anonymous, ...(username && { username }), ...(password && { password }) },
    (redis) => redis.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', master),
    location,
  );
  if (!address) throw cannotBeUsed(location, 'the Sentinels know no master of that name');
  return location;
}

/** The mode of the server; null if it does not say: a proxy without INFO, or a user who may not use it. */
async function modeOf(redis: Redis): Promise<string | null> {
  const info = await redis.info('server').catch((error) => {
    if (isRedisRefusal(error) || unavailableCode(error) === 'NOPERM') return '';
    throw error;
  });
  return /^redis_mode:(\w+)/m.exec(info)?.[1] ?? null;
}

async function firstAnswer<T>(
  location: RedisLocation,
  ask: (redis: Redis) => Promise<T>,
  about = location,
): Promise<T> {
  let last: unknown;
  for (const host of location.hosts) {
    try {
      return await askOne(location, host, ask);
    } catch (error) {
      last = error;
    }
  }
  throw cannotBeUsed(about, (last as Error).message, last);
}

async function askOne<T>(
  location: RedisLocation,
  host: RedisHost,
  ask: (redis: Redis) => Promise<T>,
): Promise<T> {
  const options = redisOptions({ ...location, kind: 'server', hosts: [host], db: 0 }, 'failFast');
  const redis = new Redis({
    ...options,
    lazyConnect: true,
    enableReadyCheck: false,
    retryStrategy: () => null,
  });
  let failure: Error | null = null;
  redis.on('error', (error) => {
    failure = error;
  });
  try {
    const answer = redis.connect().then(() => ask(redis));
    return await within(COMMAND_TIMEOUT_MS, answer);
  } catch (error) {
    throw failure ?? error;
  } finally {
    redis.disconnect();
  }
}
