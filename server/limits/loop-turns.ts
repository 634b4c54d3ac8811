/** Where a start takes about 1 ms. */
const MS_PER_START = 3;

/**
 * Spreads starts over turns of the event loop, in their order, so that other work runs between them. The longer a turn of
 * the loop takes, the more starts it has, which bounds how long a start waits.
 */
export class LoopTurns {
  readonly #now: () => number;
  readonly #msPerStart: number;
  readonly #waiting: (() => void)[] = [];
  #last = 0;

  /**
   * `now`: milliseconds of a steady clock. `msPerStart`: one start is allowed for every so many milliseconds of the event
   * loop's last turn; Infinity: there is one in each turn.
   */
  constructor(now: () => number = () => performance.now(), msPerStart = MS_PER_START) {
    this.#now = now;
    this.#msPerStart = msPerStart;
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
    const starts = Math.max(1, Math.floor((now - this.#last) / this.#msPerStart));
    this.#last = now;
    for (const start of this.#waiting.splice(0, starts)) start();
    if (this.#waiting.length > 0) setImmediate(() => this.#turn());
  }
}
