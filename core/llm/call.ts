/**
 * One request to a model while it runs: what may end it before its time, and the one switch that closes its socket.
 * The caller's abort acts at once, whether or not anybody is reading the answer.
 */
export class Call {
  readonly controller = new AbortController();
  /** Whether the time limit ended it. */
  expired = false;
  readonly #signal: AbortSignal;
  #timer: NodeJS.Timeout | undefined;
  readonly #abort = () => this.controller.abort();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    if (signal.aborted) this.#abort();
    else signal.addEventListener('abort', this.#abort, { once: true });
  }

  /** Whether the caller's abort ended it. */
  get aborted(): boolean {
    return this.#signal.aborted;
  }

  get over(): boolean {
    return this.controller.signal.aborted;
  }

  /** From now on, `timeoutMs` without another call of this or {@link rest} end the request. */
  expectWithin(timeoutMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.expired = true;
      this.#abort();
    }, timeoutMs);
  }

  /** No limit runs: the reader, not the model, is taking its time. */
  rest(): void {
    clearTimeout(this.#timer);
  }

  /** Ends the request if it still runs and leaves nothing behind. */
  dispose(): void {
    clearTimeout(this.#timer);
    this.#signal.removeEventListener('abort', this.#abort);
    this.#abort();
  }
}
