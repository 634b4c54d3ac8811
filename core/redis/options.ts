import type { ClusterOptions, RedisOptions } from 'ioredis';
import { asksToReconnect } from './errors.ts';
import type { RedisLocation } from './location.ts';
import { FailoverSafeConnector } from './sentinel-connector.ts';

/**
 * How a connection handles an unavailable Redis. `failFast`, for commands that a caller waits for: a command fails at once
 * instead of queueing, fails after a time limit without an answer, and is never sent twice. `blocking`, for subscriptions
 * and workers: a command waits until Redis is available again.
 */
export type WaitMode = 'failFast' | 'blocking';

/** The time limit of a command, in milliseconds, after which it rejects as unavailable. */
export const COMMAND_TIMEOUT_MS = 1_500;
/** The time limit of an attempt to connect, and the longest wait between two attempts, in milliseconds. */
const CONNECT_TIMEOUT_MS = 1_500;
const RECONNECT_MS = 1_000;
/** How often the slots of a Cluster are read, in milliseconds. */
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
    // Detects a failover at once, even if the old master is frozen and closes no connections.
    failoverDetector: true,
    sentinelMaxConnections: 2,
    Connector: FailoverSafeConnector as unknown as NonNullable<RedisOptions['Connector']>,
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
    // A command whose connection broke may have been executed: the caller decides whether to retry.
    ...(mode === 'failFast' && { retryDelayOnFailover: 0 }),
    redisOptions: {
      ...nodeOptions(location),
      ...(tls && { tls: {} }),
      maxRetriesPerRequest: null,
    },
    // Certificates are issued for the names that the nodes announce.
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

/** Limits reconnections to one in `ms` milliseconds, for a server that gives such an answer to every command. */
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
