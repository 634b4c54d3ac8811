/** After this long without a key, the user counts as not typing. */
export const QUIET_AFTER_MS = 5_000;
/** How often it is reported while the user types: for the server, typing lapses after ten seconds without a report. */
export const REPEAT_MS = 4_000;
/** Reports come back as events. One that comes within this time after the end is still about this tab. */
const ECHO_MS = 2_000;

/** Reports to the server that the user types: at the first key, repeatedly while they type, and at the end. Not for each key. */
export class TypingSignal {
  readonly #report: (typing: boolean) => void;
  #quiet: ReturnType<typeof setTimeout> | undefined;
  #reportedAt = 0;
  #endedAt = Number.NEGATIVE_INFINITY;

  constructor(report: (typing: boolean) => void) {
    this.#report = report;
  }

  /** Whether an event about typing that arrives now is about this tab. */
  get isOwn(): boolean {
    return this.#quiet !== undefined || Date.now() - this.#endedAt < ECHO_MS;
  }

  /** Call when a key has changed the text. */
  key(): void {
    const now = Date.now();
    if (this.#quiet === undefined || now - this.#reportedAt >= REPEAT_MS) {
      this.#reportedAt = now;
      this.#report(true);
    }
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => this.stop(), QUIET_AFTER_MS);
  }

  /** Call when the text was sent, or the composer left or closed. Idempotent. */
  stop(): void {
    if (this.#quiet === undefined) return;
    clearTimeout(this.#quiet);
    this.#quiet = undefined;
    this.#endedAt = Date.now();
    this.#report(false);
  }
}
