import { onAbort } from '../../async/on-abort.ts';

/** How long a request to a model may take, in milliseconds. */
export interface CallLimits {
  /** The longest time without any data from the server. */
  timeoutMs: number;
  /** The longest time without a text or a thought, no matter how many keep-alives come. */
  maxWaitMs: number;
}

/**
 * One running request to a model: its time limits, and the one abort controller that closes its socket.
 * The caller's abort takes effect at once, whether or not anybody reads the answer.
 */
export class Call {
  readonly controller = new AbortController();
  /** Which time limit ended it: a sentence that names the setting. Null: none did. */
  expiry: string | null = null;
  readonly #signal: AbortSignal;
  readonly #limits: CallLimits;
  #progressedAt = 0;
  #seemsOverAt: number | null = null;
  #timer: NodeJS.Timeout | undefined;
  readonly #abort = () => this.controller.abort();
  readonly #removeListener: () => void;

  constructor(signal: AbortSignal, limits: CallLimits) {
    this.#signal = signal;
    this.#limits = limits;
    this.#removeListener = onAbort(signal, this.#abort);
  }

  /** Whether the caller's abort ended it. */
  get aborted(): boolean {
    return this.#signal.aborted;
  }

  get over(): boolean {
    return this.controller.signal.aborted;
  }

  /** Restarts both time limits. Call it when the request is sent, and when a text or a thought has arrived. */
  progressed(): void {
    this.#seemsOverAt = null;
    this.#progressedAt = performance.now();
    const { timeoutMs } = this.#limits;
    this.#expireAfter(timeoutMs, `no word from the model for ${timeoutMs} ms (LLM_TIMEOUT_MS)`);
  }

  /** Restarts the limit of silence, within the longest wait. Call it when a keep-alive has arrived. */
  isAlive(): void {
    const { timeoutMs, maxWaitMs } = this.#limits;
    const left = this.#progressedAt + maxWaitMs - performance.now();
    if (left >= timeoutMs)
      this.#expireAfter(timeoutMs, `the model fell silent for ${timeoutMs} ms (LLM_TIMEOUT_MS)`);
    else this.#expireAfter(left, `only signs of life from the model for ${maxWaitMs} ms (LLM_MAX_WAIT_MS)`);
  }

  /** Ends the call `ms` milliseconds after the first call of this method. Call it when the answer seems to be over. */
  endWithin(ms: number): void {
    this.#seemsOverAt ??= performance.now();
    const left = this.#seemsOverAt + Math.min(ms, this.#limits.timeoutMs) - performance.now();
    this.#expireAfter(left, 'the connection stayed open after the answer');
  }

  /** Stops the time limits while the reader, not the model, takes its time. */
  rest(): void {
    clearTimeout(this.#timer);
  }

  /** Ends the request if it still runs, and removes its timer and its listener. */
  dispose(): void {
    clearTimeout(this.#timer);
    this.#removeListener();
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
