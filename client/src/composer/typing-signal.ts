/** Without a key for this long, the user is not typing any more. */
export const QUIET_AFTER_MS = 3_000;

/** Tells the server that the user types: at the first key, and again when it has ended. Nothing per key. */
export class TypingSignal {
  readonly #tell: (typing: boolean) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(tell: (typing: boolean) => void) {
    this.#tell = tell;
  }

  /** A key was pressed that changed the text. */
  key(): void {
    if (this.#timer === undefined) this.#tell(true);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.stop(), QUIET_AFTER_MS);
  }

  /** Sent, left or closed. Idempotent. */
  stop(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#tell(false);
  }
}
