/** Counts what happens within any one second. */
export class Rate {
  readonly #most: number;
  readonly #now: () => number;
  /** When the last `most` happened, in a ring. */
  readonly #times: number[] = [];
  #at = 0;

  /** `now`: milliseconds of a steady clock. */
  constructor(most: number, now: () => number = () => performance.now()) {
    this.#most = most;
    this.#now = now;
  }

  /** Whether one more is within the limit. */
  add(): boolean {
    const now = this.#now();
    const earlier = this.#times[this.#at];
    this.#times[this.#at] = now;
    this.#at = (this.#at + 1) % this.#most;
    return earlier === undefined || now - earlier >= 1_000;
  }
}
