import { StoreUnavailableError } from '../domain/errors.ts';
import { StartError } from '../domain/start-error.ts';

/** Redis cannot be used as it is configured; the message is one line without the password. */
export class RedisError extends StartError {
  override name = 'RedisError';
}

/**
 * The codes for a command that Redis cannot serve now, or cannot serve on this node (src/server.c and src/cluster.c of
 * Redis 7; MOVED and ASK arrive if a Cluster is not used as one).
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

/** The codes after which a new connection may reach a working server: the master was demoted, or restarts. */
const RECONNECT_CODES: ReadonlySet<string | null> = new Set([
  'LOADING',
  'MASTERDOWN',
  'READONLY',
  'UNBLOCKED',
]);

// A script passes the code on: at the start since Redis 7, before that after `@user_script: 12: -`.
const CODE = new RegExp(`(?:^|[ :]-)(${UNAVAILABLE_CODES.join('|')})\\b`);

/** The code of {@link UNAVAILABLE_CODES} in an answer of Redis; null if there is none. */
export function unavailableCode(error: unknown): UnavailableCode | null {
  if (!(error instanceof Error)) return null;
  if (/^ERR max number of clients/.test(error.message)) return 'MAXCLIENTS';
  return (CODE.exec(error.message)?.[1] as UnavailableCode | undefined) ?? null;
}

/** Whether Redis refused the command itself, which is a bug of the caller. Every other error means that Redis is unavailable. */
export function isRedisRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError' && unavailableCode(error) === null;
}

/** The error for the caller of a failed command: the error itself if it is a refusal, else a {@link StoreUnavailableError}. */
export function redisFault(error: unknown): unknown {
  if (error instanceof StoreUnavailableError || isRedisRefusal(error)) return error;
  return new StoreUnavailableError('Redis is unavailable', { cause: error, store: 'Redis' });
}

/** Whether the client should reconnect after this answer. */
export function asksToReconnect(error: Error): boolean {
  return RECONNECT_CODES.has(unavailableCode(error));
}
