import type { ExecutionResult } from 'graphql';
import type { Log } from '../../core/telemetry/log.ts';
import { refusalCause } from './refusal-cause.ts';

/** An operation that is over, or a subscription that is open or refused. */
export interface EndedOperation {
  /** Its first field: one of the schema's; `unparsable`, `invalid` or `unread` where it was not run. */
  operation: string;
  /** The name that its caller gave it. */
  name?: string | null | undefined;
  ms: number;
  /** Where the lines of the operation do not get it by themselves. */
  requestId?: string | undefined;
  /** The errors that it returned, as errors of GraphQL or as data. */
  failures: readonly unknown[];
  /** The code of errors of GraphQL that have none yet; unset: BAD_USER_INPUT. */
  uncoded?: string | undefined;
}

/** The longest logged name of an operation, in characters: a caller chooses it. */
const LONGEST_NAME = 64;

/** Logs the one line of an operation: every operation and every refusal of one comes here, over every transport. */
export function logOperation(
  log: Log,
  { operation, name, ms, requestId, failures, uncoded }: EndedOperation,
): void {
  const fields = {
    ...(requestId && { requestId }),
    operation,
    ...(name && { name: name.slice(0, LONGEST_NAME) }),
    ms: Math.round(ms),
  };
  const [failure] = failures;
  if (failure === undefined) return log.info({ ...fields, outcome: 'ok' }, 'operation done');
  const causes = failures.map((each) => refusalCause(each, uncoded));
  const refusal = causes.find((cause) => cause !== null);
  // The fault itself is logged where it is masked.
  if (causes.includes(null) || !refusal)
    return log.warn({ ...fields, outcome: 'failed', error: 'INTERNAL_SERVER_ERROR' }, 'operation failed');
  log.info({ ...fields, outcome: 'refused', ...refusal }, 'operation refused');
}

/** Logs an operation that was refused before it was run. */
export function logRefused(
  log: Log,
  { errors = [] }: Pick<ExecutionResult, 'errors'>,
  about: Partial<Omit<EndedOperation, 'failures'>> = {},
): void {
  logOperation(log, { operation: 'unread', ms: 0, ...about, failures: errors });
}
