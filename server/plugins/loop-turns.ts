/**
 * Hands out starts, so many in a turn of the event loop: what else is to be done is done in between, however many want to
 * start at once. In the order in which they came.
 */
export class LoopTurns {
  readonly #perTurn: number;
  readonly #waiting: (() => void)[] = [];

  constructor(perTurn: number) {
    this.#perTurn = perTurn;
  }

  /** Resolves when it may start. */
  next(): Promise<void> {
    return new Promise((start) => {
      this.#waiting.push(start);
      if (this.#waiting.length === 1) setImmediate(() => this.#turn());
    });
  }

  #turn(): void {
    for (const start of this.#waiting.splice(0, this.#perTurn)) start();
    if (this.#waiting.length > 0) setImmediate(() => this.#turn());
  }
}
