import { wait } from '../core/async/wait.ts';
import { StoreUnavailableError } from '../core/domain/errors.ts';

/** Between two tries while a store is away, in milliseconds. */
const RETRY_MS = 250;

/** Repeats a step while the database or the feed is away, until it is done. Rejects when `signal` aborts. */
export async function untilAvailable<T>(step: () => Promise<T>, signal: AbortSignal): Promise<T> {
  while (true) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      if (signal.aborted) throw error;
      await wait(RETRY_MS, signal);
    }
  }
}
