import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * A value that everything which runs in its scope can read, however deep. While no scope is open, it costs nothing:
 * AsyncLocalStorage slows down every promise and every write of the process from its first use on, before Node 24.
 */
export class ScopedValue<T> {
  readonly #storage = new AsyncLocalStorage<T>();
  #open = 0;

  /** Undefined outside of a scope. */
  get current(): T | undefined {
    return this.#open === 0 ? undefined : this.#storage.getStore();
  }

  /** Runs `work` in a scope, which ends when `work` returns, or when the promise that it returns is settled. */
  run<Result>(value: T, work: () => Result): Result {
    this.#open++;
    let result: Result;
    try {
      result = this.#storage.run(value, work);
    } catch (error) {
      this.#end();
      throw error;
    }
    if (isThenable(result)) result.then(this.#end, this.#end);
    else this.#end();
    return result;
  }

  readonly #end = () => {
    this.#open--;
    if (this.#open === 0) this.#storage.disable();
  };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
