/** What a store is made of: those who want to know when it changes. */
export class Listeners {
  readonly #all = new Set<() => void>();

  get size(): number {
    return this.#all.size;
  }

  /** Calls `listener` after each change; one that was added twice, twice. Returns a function that ends it. */
  readonly add = (listener: () => void): (() => void) => {
    const own = () => listener();
    this.#all.add(own);
    return () => void this.#all.delete(own);
  };

  readonly notify = (): void => {
    for (const listener of this.#all) listener();
  };
}
