/** How long a request to a model may take, in milliseconds. */
export interface CallLimits {
  /** The longest silence. */
  timeoutMs: number;
  /** The longest time without a text or a thought, however many signs of life there are. */
  maxWaitMs: number;
}

/**
 * One request to a model while it runs: what may end it before its time, and the one switch that closes its socket.
 * The caller's abort acts at once, whether or not anybody is reading the answer.
 */
export class Call {
  readonly controller = new AbortController();
  /** Why it was ended, where a time limit did: a sentence that names the setting. */
  expiry: string | null = null;
  readonly #signal: AbortSignal;
  readonly #limits: CallLimits;
  #progressedAt = 0;
  #seemsOverAt: number | null = null;
  #timer: NodeJS.Timeout | undefined;
  readonly #abort = () => this.controller.abort();

  constructor(signal: AbortSignal, limits: CallLimits) {
    this.#signal = signal;
    this.#limits = limits;
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

  /** It was asked, or a text or a thought has come: the next one may take as long again. */
  progressed(): void {
    this.#seemsOverAt = null;
    this.#progressedAt = performance.now();
    const { timeoutMs } = this.#limits;
    this.#expireAfter(timeoutMs, `no word from the model for ${timeoutMs} ms (LLM_TIMEOUT_MS)`);
  }

  /** A sign of life has come, without a text or a thought. */
  isAlive(): void {
    const { timeoutMs, maxWaitMs } = this.#limits;
    const left = this.#progressedAt + maxWaitMs - performance.now();
    if (left >= timeoutMs)
      this.#expireAfter(timeoutMs, `the model fell silent for ${timeoutMs} ms (LLM_TIMEOUT_MS)`);
    else this.#expireAfter(left, `only signs of life from the model for ${maxWaitMs} ms (LLM_MAX_WAIT_MS)`);
  }

  /** The answer seems to be over: what may still come has so many milliseconds from the first time that this is said. */
  endWithin(ms: number): void {
    this.#seemsOverAt ??= performance.now();
    const left = this.#seemsOverAt + Math.min(ms, this.#limits.timeoutMs) - performance.now();
    this.#expireAfter(left, 'the connection stayed open after the answer');
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

  #expireAfter(ms: number, expiry: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        this.expiry = expiry;
        this.#abort();
      },
      Math.max(0, ms),
    );
  }
}
