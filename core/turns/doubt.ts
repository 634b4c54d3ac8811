import { OutcomeUnknownError, StoreUnavailableError, UnavailableError } from '../domain/errors.ts';
import { answerWithin } from './deadline.ts';

/** How long a statement whose reply was lost is looked for, in milliseconds. */
const RESOLVE_WITHIN_MS = 10_000;
/** Between two looks, in milliseconds. */
const LOOK_AGAIN_MS = 100;
/** How long one look may take, in milliseconds. */
const LOOK_WITHIN_MS = 1_000;

/** The database's time, in Unix milliseconds, and what the statement did; null: nothing so far. */
export type Look<T> = () => Promise<{ now: number; done: T | null }>;

export interface DoubtOptions {
  /** From then on, by the database's clock, the statement does nothing any more. */
  deadline: number;
  resolveWithinMs?: number | undefined;
  lookAgainMs?: number | undefined;
}

/**
 * Finds out what a statement did whose reply was lost: looks until it is done, or its deadline has passed without.
 * @throws {UnavailableError} when it was not done, nor will be
 * @throws {OutcomeUnknownError} when that could not be learnt
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
    if (found && found.now > deadline) throw new UnavailableError({ cause });
    if (performance.now() > until) throw new OutcomeUnknownError({ cause });
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
  }
}
