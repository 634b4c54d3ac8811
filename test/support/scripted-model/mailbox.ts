/** A queue of items to take in order. Unbounded: for tests, and for a single answer. */
export class Mailbox<T> {
  readonly #items: T[] = [];
  readonly #takers: ((item: T | undefined) => void)[] = [];
  #sealed = false;

  /** False when it is sealed: then the item will not be taken. */
  put(item: T): boolean {
    if (this.#sealed) return false;
    const taker = this.#takers.shift();
    if (taker) taker(item);
    else this.#items.push(item);
    return true;
  }

  /** The next item, as soon as there is one; undefined when the mailbox is sealed and empty, and when takes are ended. */
  take(): Promise<T | undefined> {
    if (this.#items.length > 0 || this.#sealed) return Promise.resolve(this.#items.shift());
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  /** Takes and returns all items. */
  empty(): T[] {
    return this.#items.splice(0);
  }

  /** Resolves all pending takes with undefined. */
  endTakes(): void {
    for (const taker of this.#takers.splice(0)) taker(undefined);
  }

  /** Accepts no more items; those in it can still be taken. Ends all pending takes. */
  seal(): void {
    this.#sealed = true;
    this.endTakes();
  }

  /** Seals and empties it. Returns the items that were not taken. */
  close(): T[] {
    this.seal();
    return this.empty();
  }
}
