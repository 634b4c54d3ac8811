import { OutcomeUnknownError, StoreUnavailableError, UnavailableError } from '../domain/errors.ts';
import { answerWithin } from './deadline.ts';

/** How long to look for the effect of a statement whose reply was lost, in milliseconds. */
const RESOLVE_WITHIN_MS = 10_000;
/** Time between two looks, in milliseconds. */
const LOOK_AGAIN_MS = 100;
/** How long one look may take, in milliseconds. */
const LOOK_WITHIN_MS = 1_000;

/**
 * `done`: what the statement did; null: nothing so far. `settledAt`: the database's clock before that was looked up, in Unix
 * milliseconds, if no statement on the same rows was under way then; else null.
 */
export type Look<T> = () => Promise<{ settledAt: number | null; done: T | null }>;

export interface DoubtOptions {
  /** From this time on the statement has no effect, in Unix milliseconds by the database's clock. */
  deadline: number;
  resolveWithinMs?: number | undefined;
  lookAgainMs?: number | undefined;
}

/**
 * Finds out what a statement did whose reply was lost. Looks until the effect is found or the deadline has passed without it.
 * @throws {UnavailableError} when it had no effect and will have none
 * @throws {OutcomeUnknownError} when that could not be found out in time
 */
export async function resolveDoubt<T>(
  look: Look<T>,
  { deadline, resolveWithinMs = RESOLVE_WITHIN_MS, lookAgainMs = LOOK_AGAIN_MS }: DoubtOptions,
  cause: unknown,
): Promise<T> {
  const until = performance.now() + resolveWithinMs;
  while (true) {
    const found = await answerWithin(LOOK_WITHIN_MS, look()).catch((error) => {
      if (error instanceof StoreUnavailableError) return null;
      throw error;
    });
    if (found?.done) return found.done;
    if (found?.settledAt && found.settledAt > deadline) throw new UnavailableError({ cause });
    if (performance.now() > until) throw new OutcomeUnknownError({ cause });
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
  }
}
