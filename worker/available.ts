import { wait } from '../core/async/wait.ts';
import { StoreUnavailableError } from '../core/domain/errors.ts';

/** Time between two attempts while a store is unavailable, in milliseconds. */
const RETRY_MS = 250;

/** Retries a step while the database or the feed is unavailable. Rejects when `signal` aborts. */
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
