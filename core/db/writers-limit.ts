import pLimit from 'p-limit';
import { StoreUnavailableError } from '../domain/errors.ts';

/** Runs a task when it is its turn. */
export type Limit = <T>(task: () => Promise<T>) => Promise<T>;

/**
 * So many at once, the others in the order in which they came. What has waited `withinMs` is given up, as by the pool, and is
 * never run.
 */
export function writersLimit(most: number, withinMs: number): Limit {
  const limit = pLimit(most);
  return <T>(task: () => Promise<T>) =>
    new Promise<T>((resolve, reject) => {
      let isGivenUp = false;
      const timer = setTimeout(() => {
        isGivenUp = true;
        reject(new StoreUnavailableError('others that write hold the connections of the pool'));
      }, withinMs);
      void limit(async () => {
        clearTimeout(timer);
        if (!isGivenUp) await task().then(resolve, reject);
      });
    });
}
