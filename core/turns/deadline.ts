import { within } from '../async/within.ts';
import { StoreUnavailableError } from '../domain/errors.ts';

/** How long a call may wait for its commit before it is refused, in milliseconds. */
export const COMMIT_WITHIN_MS = 1_800;
/** The same for a store inside the process, which can be slow but not unreachable: about the longest delay of a timer. */
export const EMBEDDED_COMMIT_WITHIN_MS = 2 ** 31 - 60_000;
/** How long a committed call waits for its effects, in milliseconds. */
export const EFFECTS_WITHIN_MS = 500;
/** How long to wait for a statement's reply past its deadline, in milliseconds. */
export const REPLY_GRACE_MS = 200;

/** A store's answer. @throws {StoreUnavailableError} when there is none within `ms` */
export function answerWithin<T>(ms: number, answer: Promise<T>): Promise<T> {
  return within(ms, answer, () => new StoreUnavailableError('the store did not answer in time'));
}
