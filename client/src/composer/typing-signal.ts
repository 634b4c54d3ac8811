/** Without a key for this long, the user is not typing any more. */
export const QUIET_AFTER_MS = 5_000;
/** While the user types, it is said again this often: the server takes ten seconds without a word for the end of it. */
export const REPEAT_MS = 4_000;
/** What was told comes back as an event: one that comes so soon after the end is still about this tab. */
const ECHO_MS = 2_000;

/** Tells the server that the user types: at the first key, now and then as they go on, and when it has ended. Nothing per key. */
export class TypingSignal {
  readonly #tell: (typing: boolean) => void;
  #quiet: ReturnType<typeof setTimeout> | undefined;
  #toldAt = 0;
  #endedAt = Number.NEGATIVE_INFINITY;

  constructor(tell: (typing: boolean) => void) {
    this.#tell = tell;
  }

  /** Whether word of somebody typing that comes now is about this tab's user. */
  get isOwn(): boolean {
    return this.#quiet !== undefined || Date.now() - this.#endedAt < ECHO_MS;
  }

  /** A key was pressed that changed the text. */
  key(): void {
    const now = Date.now();
    if (this.#quiet === undefined || now - this.#toldAt >= REPEAT_MS) {
      this.#toldAt = now;
      this.#tell(true);
    }
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => this.stop(), QUIET_AFTER_MS);
  }

  /** Sent, left or closed. Idempotent. */
  stop(): void {
    if (this.#quiet === undefined) return;
    clearTimeout(this.#quiet);
    this.#quiet = undefined;
    this.#endedAt = Date.now();
    this.#tell(false);
  }
}
