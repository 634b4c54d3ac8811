import type { ClusterOptions, RedisOptions } from 'ioredis';
import { asksToReconnect } from './errors.ts';
import type { RedisLocation } from './location.ts';
import { ForgetfulSentinelConnector } from './sentinel-connector.ts';

/**
 * How a connection deals with a Redis that is unavailable. `failFast`, for what a caller waits for: a command fails at
 * once instead of queueing up, fails in time when it gets no answer, and is never sent twice. `blocking`, for
 * subscriptions and workers: a command waits for Redis to come back, however long.
 */
export type WaitMode = 'failFast' | 'blocking';

/** How long a command may take before the caller is told that Redis is unavailable, in milliseconds. */
export const COMMAND_TIMEOUT_MS = 1_500;
/** Longest that an attempt to connect may take, and longest wait between two attempts, in milliseconds. */
const CONNECT_TIMEOUT_MS = 1_500;
const RECONNECT_MS = 1_000;
/** Between two looks at who serves which slots of a Cluster, in milliseconds. */
const SLOTS_REFRESH_MS = 1_000;

/** Options of a connection to one server, or to the master that the Sentinels name. */
export function redisOptions(location: RedisLocation, mode: WaitMode): RedisOptions {
  const { kind, hosts, db, tls, master } = location;
  const secure = tls ? { tls: {} } : {};
  const common = { ...nodeOptions(location), ...secure, db, retryStrategy: waitToReconnect };
  const reconnecting = mode === 'failFast' ? FAIL_FAST : { maxRetriesPerRequest: null };
  if (kind !== 'sentinel') return { ...common, ...reconnecting, ...hosts[0] };
  return {
    ...{ ...common, ...reconnecting, name: master as string, sentinels: [...hosts] },
    ...(tls && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
    ...pick(location, 'sentinelUsername', 'sentinelPassword'),
    sentinelRetryStrategy: waitToReconnect,
    sentinelCommandTimeout: CONNECT_TIMEOUT_MS,
    // Tells of a failover at once, also where the old master has frozen and closes nothing.
    failoverDetector: true,
    sentinelMaxConnections: 2,
    Connector: ForgetfulSentinelConnector as unknown as NonNullable<RedisOptions['Connector']>,
  };
}

/** Options of a connection to every master of a Cluster. */
export function clusterOptions(location: RedisLocation, mode: WaitMode): ClusterOptions {
  const { tls } = location;
  return {
    lazyConnect: true,
    clusterRetryStrategy: waitToReconnect,
    slotsRefreshInterval: SLOTS_REFRESH_MS,
    slotsRefreshTimeout: CONNECT_TIMEOUT_MS,
    // A command whose connection broke may have been executed: whoever waits for it decides what to do.
    ...(mode === 'failFast' && { retryDelayOnFailover: 0 }),
    redisOptions: {
      ...nodeOptions(location),
      ...(tls && { tls: {} }),
      maxRetriesPerRequest: null,
    },
    // Certificates are made out to the names that the nodes announce.
    ...(tls && { dnsLookup: (address, callback) => callback(null, address) }),
  };
}

const FAIL_FAST = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  commandTimeout: COMMAND_TIMEOUT_MS,
} satisfies RedisOptions;

function nodeOptions(location: RedisLocation): RedisOptions {
  return {
    ...pick(location, 'username', 'password'),
    connectTimeout: CONNECT_TIMEOUT_MS,
    disconnectTimeout: 500,
    keepAlive: 10_000,
    reconnectOnError: atMostEvery(RECONNECT_MS, asksToReconnect),
  };
}

function waitToReconnect(attempt: number): number {
  return Math.min(50 * 2 ** Math.min(attempt, 6), RECONNECT_MS);
}

/** A server that answers every command so is not connected to again with each of them. */
function atMostEvery(ms: number, asks: (error: Error) => boolean): (error: Error) => boolean {
  let last = Number.NEGATIVE_INFINITY;
  return (error) => {
    const now = performance.now();
    if (!asks(error) || now - last < ms) return false;
    last = now;
    return true;
  };
}

function pick<K extends keyof RedisLocation>(location: RedisLocation, ...keys: K[]): Pick<RedisLocation, K> {
  const set = keys.filter((key) => location[key] !== undefined).map((key) => [key, location[key]]);
  return Object.fromEntries(set) as Pick<RedisLocation, K>;
}
