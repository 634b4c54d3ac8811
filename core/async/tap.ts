export interface TapOptions<T> {
  /** What is passed on in place of a value: itself, another value, or null to drop it. Must not throw. */
  map?: (value: T) => T | null;
  /** A last value in place of an error of the source; null passes the error on. */
  lastValue?: (error: unknown) => T | null;
  /** Called once: when the source is done, when it throws `error`, or when the reader returns. */
  onEnd?: (error?: unknown) => void;
}

/**
 * Observes or changes the values of an async iterator on their way to its reader. Keeps no queue: it requests a value when
 * one is requested of it. `return` is passed to the source at once, also while a value is awaited, and only once.
 */
export function tap<T extends object>(
  values: AsyncIterable<T>,
  { map, lastValue, onEnd }: TapOptions<T>,
): AsyncIterableIterator<T> {
  const source = values[Symbol.asyncIterator]();
  let isOver = false;
  let isReturned = false;
  const end = (error?: unknown): IteratorResult<T> => {
    if (!isOver) onEnd?.(error);
    isOver = true;
    return { value: undefined, done: true };
  };
  // Without async functions: one promise for a value is enough, and there are as many values as tokens times listeners.
  const next = (): Promise<IteratorResult<T>> =>
    isOver ? Promise.resolve(end()) : source.next().then(onResult, onError);
  const onResult = (result: IteratorResult<T>) => {
    if (isOver || result.done) return end();
    const value = map ? map(result.value) : result.value;
    if (value === null) return next();
    return value === result.value ? result : { value, done: false };
  };
  const onError = (error: unknown): IteratorResult<T> => {
    if (isOver) return end();
    end(error);
    const value = lastValue?.(error);
    if (!value) throw error;
    return { value, done: false };
  };
  return {
    next,
    async return() {
      const result = end();
      if (!isReturned) {
        isReturned = true;
        await source.return?.();
      }
      return result;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
