/** A queue of things to take from, in the order in which they came. Unbounded: for tests and for one answer. */
export class Mailbox<T> {
  readonly #items: T[] = [];
  readonly #takers: ((item: T | undefined) => void)[] = [];
  #sealed = false;

  /** False when it is sealed: then nobody will take the item. */
  put(item: T): boolean {
    if (this.#sealed) return false;
    const taker = this.#takers.shift();
    if (taker) taker(item);
    else this.#items.push(item);
    return true;
  }

  /** The next item, as soon as there is one; undefined when the mailbox is sealed and empty. */
  take(): Promise<T | undefined> {
    if (this.#items.length > 0 || this.#sealed) return Promise.resolve(this.#items.shift());
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  /** Everything that waits to be taken, which is taken by that. */
  empty(): T[] {
    return this.#items.splice(0);
  }

  /** Takes nothing more in; what is in it can still be taken. Wakes who waits in vain. */
  seal(): void {
    this.#sealed = true;
    for (const taker of this.#takers.splice(0)) taker(undefined);
  }

  /** Seals and empties it. Answers what was never taken. */
  close(): T[] {
    this.seal();
    return this.empty();
  }
}
