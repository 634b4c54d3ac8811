/**
 * The values that wait in an async iterator, for one reader that takes them as they come, without a promise for each. It may
 * also read with `next`, but not both at once. When values no longer wait and the iterator has ended, `next` says how.
 */
export interface Waiting<T> {
  /** The next value; null: none waits. */
  peek(): T | null;
  /** Removes the value that `peek` has returned. */
  take(): void;
  readonly ended: boolean;
  /** Called when a value waits that `next` was not asked for, and when the iterator ends. It must not throw. */
  notify: (() => void) | null;
}

/** An async iterator, and its source, if values can be taken from that. */
export interface Readable<T> extends AsyncIterableIterator<T> {
  readonly waiting?: Waiting<T>;
}
