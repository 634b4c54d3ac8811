/** One starts for so much time as the event loop took for its last turn, in milliseconds; a start takes about one. */
const MS_PER_START = 3;

/**
 * Hands out starts over turns of the event loop: what else is to be done is done in between, however many want to start at
 * once. In the order in which they came. A loop that is busy with other things hands out more in a turn, so that nobody
 * waits long for it.
 */
export class LoopTurns {
  readonly #now: () => number;
  readonly #waiting: (() => void)[] = [];
  #last = 0;

  /** `now`: milliseconds of a steady clock. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Resolves when it may start. */
  next(): Promise<void> {
    return new Promise((start) => {
      this.#waiting.push(start);
      if (this.#waiting.length > 1) return;
      this.#last = this.#now();
      setImmediate(() => this.#turn());
    });
  }

  #turn(): void {
    const now = this.#now();
    const starts = Math.max(1, Math.floor((now - this.#last) / MS_PER_START));
    this.#last = now;
    for (const start of this.#waiting.splice(0, starts)) start();
    if (this.#waiting.length > 0) setImmediate(() => this.#turn());
  }
}
