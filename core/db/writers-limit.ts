import pLimit from 'p-limit';
import { StoreUnavailableError } from '../domain/errors.ts';

/** Runs a task when a slot is free. */
export type Limit = <T>(task: () => Promise<T>) => Promise<T>;

/**
 * Runs at most `most` tasks at once, in the order of the calls. A task that has waited `withinMs` is rejected, as by the
 * pool, and never run.
 */
export function writersLimit(most: number, withinMs: number): Limit & { waiting(): number } {
  const limit = pLimit(most);
  const run = <T>(task: () => Promise<T>) =>
    new Promise<T>((resolve, reject) => {
      let isGivenUp = false;
      const timer = setTimeout(() => {
        isGivenUp = true;
        reject(new StoreUnavailableError('other writers use all connections of the writers'));
      }, withinMs);
      void limit(async () => {
        clearTimeout(timer);
        if (!isGivenUp) await task().then(resolve, reject);
      });
    });
  return Object.assign(run, { waiting: () => limit.pendingCount });
}
