import type { Readable, Waiting } from './waiting.ts';

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
 * one is requested of it. `return` is passed to the source at once, also while a value is awaited, and only once. Values that
 * are taken from `waiting` are those of the source: not observed, and not changed.
 */
export function tap<T extends object>(
  values: AsyncIterable<T> & Pick<Readable<T>, 'waiting'>,
  options: TapOptions<T>,
): Readable<T> {
  return new Tap(values, options);
}

/** There are several for each open subscription: a class, so that each is little. */
class Tap<T extends object> implements Readable<T> {
  readonly #options: TapOptions<T>;
  readonly #source: AsyncIterator<T>;
  readonly waiting?: Waiting<T>;
  #isOver = false;
  #isReturned = false;
  /** One promise for a value is enough, and there are as many values as tokens times listeners: no async functions. */
  #handlers: {
    onResult: (result: IteratorResult<T>) => Next<T>;
    onError: (error: unknown) => Next<T>;
  } | null = null;

  constructor(values: AsyncIterable<T> & Pick<Readable<T>, 'waiting'>, options: TapOptions<T>) {
    this.#options = options;
    this.#source = values[Symbol.asyncIterator]();
    if (values.waiting) this.waiting = values.waiting;
  }

  next(): Promise<IteratorResult<T>> {
    if (this.#isOver) return Promise.resolve(DONE);
    this.#handlers ??= {
      onResult: (result) => this.#onResult(result),
      onError: (error) => this.#onError(error),
    };
    return this.#source.next().then(this.#handlers.onResult, this.#handlers.onError);
  }

  async return(): Promise<IteratorResult<T>> {
    this.#end();
    if (!this.#isReturned) {
      this.#isReturned = true;
      await this.#source.return?.();
    }
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #end(error?: unknown): IteratorResult<T> {
    if (!this.#isOver) this.#options.onEnd?.(error);
    this.#isOver = true;
    return DONE;
  }

  #onResult(result: IteratorResult<T>): Next<T> {
    if (this.#isOver || result.done) return this.#end();
    const { map } = this.#options;
    const value = map ? map(result.value) : result.value;
    if (value === null) return this.next();
    return value === result.value ? result : { value, done: false };
  }

  #onError(error: unknown): IteratorResult<T> {
    if (this.#isOver) return DONE;
    this.#end(error);
    const value = this.#options.lastValue?.(error);
    if (!value) throw error;
    return { value, done: false };
  }
}

const DONE = { value: undefined, done: true } as const;

type Next<T> = IteratorResult<T> | Promise<IteratorResult<T>>;
