/** Counts what one connection does in windows of time. */
export class Window {
  readonly #ms: number;
  readonly #now: () => number;
  #since = Number.NEGATIVE_INFINITY;
  #count = 0;

  /** `now`: milliseconds of a steady clock. */
  constructor(ms: number, now: () => number = () => performance.now()) {
    this.#ms = ms;
    this.#now = now;
  }

  /** Counts one of `most`; 0: there is no limit. Returns 0, or how long it takes until the next window, in milliseconds. */
  take(most: number): number {
    const now = this.#now();
    if (now - this.#since >= this.#ms) {
      this.#since = now;
      this.#count = 0;
    }
    this.#count += 1;
    return most > 0 && this.#count > most ? Math.max(1, Math.ceil(this.#since + this.#ms - now)) : 0;
  }
}
