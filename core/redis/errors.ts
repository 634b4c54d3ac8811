import { StoreUnavailableError } from '../domain/errors.ts';
import { StartError } from '../domain/start-error.ts';

/** Redis cannot be used as it is configured; the message is one line without the password. */
export class RedisError extends StartError {
  override name = 'RedisError';
}

/**
 * The codes with which Redis says that it cannot serve a command now, or cannot serve it here
 * (src/server.c and src/cluster.c of Redis 7; MOVED and ASK reach us where a Cluster is not used as one).
 */
export const UNAVAILABLE_CODES = [
  'ASK',
  'BUSY',
  'CLUSTERDOWN',
  'LOADING',
  'MASTERDOWN',
  'MISCONF',
  'MOVED',
  'NOAUTH',
  'NOPERM',
  'NOREPLICAS',
  'OOM',
  'READONLY',
  'TRYAGAIN',
  'UNBLOCKED',
  'WRONGPASS',
] as const;
export type UnavailableCode = (typeof UNAVAILABLE_CODES)[number] | 'MAXCLIENTS';

/** The codes after which another connection may lead to a server that can: what was the master is none, or restarts. */
const RECONNECT_CODES: ReadonlySet<string | null> = new Set([
  'LOADING',
  'MASTERDOWN',
  'READONLY',
  'UNBLOCKED',
]);

// A script passes the code on: alone since Redis 7, before that behind `@user_script: 12: -`.
const CODE = new RegExp(`(?:^|[ :]-)(${UNAVAILABLE_CODES.join('|')})\\b`);

/** Which of these codes an answer of Redis bears; null when it bears none. */
export function unavailableCode(error: unknown): UnavailableCode | null {
  if (!(error instanceof Error)) return null;
  if (/^ERR max number of clients/.test(error.message)) return 'MAXCLIENTS';
  return (CODE.exec(error.message)?.[1] as UnavailableCode | undefined) ?? null;
}

/** Whether Redis executed the command and refused it: a fault of ours. Everything else says that Redis is unavailable. */
export function isRedisRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError' && unavailableCode(error) === null;
}

/** What a failed command says to its caller: the error itself when it is a refusal, else a {@link StoreUnavailableError}. */
export function redisFault(error: unknown): unknown {
  if (error instanceof StoreUnavailableError || isRedisRefusal(error)) return error;
  return new StoreUnavailableError('Redis is unavailable', { cause: error });
}

/** Whether another connection is to be made after this answer. */
export function asksToReconnect(error: Error): boolean {
  return RECONNECT_CODES.has(unavailableCode(error));
}
