import { Redis } from 'ioredis';
import { within } from '../async/within.ts';
import { isRedisRefusal, RedisError, unavailableCode } from './errors.ts';
import { describeRedis, parseRedisUrl, type RedisHost, type RedisLocation } from './location.ts';
import { COMMAND_TIMEOUT_MS, redisOptions } from './options.ts';

/** How long all hosts together may take to say what they are, in milliseconds. */
const LOCATE_WITHIN_MS = 5_000;

/**
 * Reads REDIS_URL and asks the servers what they are, so that a Cluster is used as one however the URL is written.
 * @throws {RedisError} when none can be reached, or when they are not what the URL says
 */
export async function locateRedis(url: string): Promise<RedisLocation> {
  const location = parseRedisUrl(url);
  const found = location.kind === 'sentinel' ? askSentinels(location) : askServers(location);
  return await within(LOCATE_WITHIN_MS, found).catch((error: Error) => {
    throw error instanceof RedisError ? error : cannotBeUsed(location, error.message);
  });
}

/** What the operator is told of a Redis that does not serve. */
export function cannotBeUsed(location: RedisLocation, reason: string, cause?: unknown): RedisError {
  return new RedisError(`REDIS_URL: ${describeRedis(location)} cannot be used: ${reason}`, { cause });
}

async function askServers(location: RedisLocation): Promise<RedisLocation> {
  const mode =
    (await firstAnswer(location, modeOf)) ?? (location.kind === 'cluster' ? 'cluster' : 'standalone');
  if (mode === 'sentinel')
    throw cannotBeUsed(location, 'it is a Sentinel; write redis+sentinel://host:port/name-of-the-master');
  if (mode === 'cluster') {
    if (location.db > 0) throw cannotBeUsed(location, 'a Redis Cluster has database 0 alone');
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

/** Null where the server does not tell: a proxy that has no INFO, or a user who may not ask for it. */
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
