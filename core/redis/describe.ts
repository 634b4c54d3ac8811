import { StoreUnavailableError } from '../domain/errors.ts';
import { type UnavailableCode, unavailableCode } from './errors.ts';

/** Explains a failed write to Redis in one sentence for the operator. */
export function describeRedisFailure(error: unknown): string {
  const reply = error instanceof StoreUnavailableError ? error.cause : error;
  const code = unavailableCode(reply);
  return code === null ? 'It does not answer.' : SENTENCES[code];
}

const REDIRECTS = 'It is part of a Redis Cluster and redirects.';
const REFUSES = 'It refuses the user or password of REDIS_URL.';
const NO_MASTER = 'A part of the Redis Cluster has no master.';
const SENTENCES: Record<UnavailableCode, string> = {
  ASK: REDIRECTS,
  BUSY: 'It is busy with a script.',
  CLUSTERDOWN: NO_MASTER,
  LOADING: 'It loads its data.',
  MASTERDOWN: 'It is a replica that has lost its master.',
  MAXCLIENTS: 'It takes no more connections (maxclients).',
  MISCONF: 'It cannot save to its disk and takes no writes.',
  MOVED: REDIRECTS,
  NOAUTH: REFUSES,
  NOPERM: REFUSES,
  NOREPLICAS: 'It has too few replicas to take writes (min-replicas-to-write).',
  OOM: 'Its memory is full (maxmemory).',
  READONLY: 'It is a replica and takes no writes.',
  TRYAGAIN: NO_MASTER,
  UNBLOCKED: 'It is a replica and takes no writes.',
  WRONGPASS: REFUSES,
};
