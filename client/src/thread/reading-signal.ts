/** Reports of reading are at least this far apart; the server's silence before a nudge is longer. */
export const REPORT_EVERY_MS = 10_000;

/**
 * Reports to the server that the user reads: at the first sign of it, then once per {@link REPORT_EVERY_MS} with a sign in it.
 * A hidden page shows nothing to read, so a sign in it is not reported.
 */
export class ReadingSignal {
  readonly #report: () => void;
  readonly #page: Pick<Document, 'visibilityState'>;
  #pause: ReturnType<typeof setTimeout> | undefined;
  #hasNewSign = false;

  constructor(report: () => void, page: Pick<Document, 'visibilityState'>) {
    this.#report = report;
    this.#page = page;
  }

  /** Call at each sign of reading. */
  readonly sign = (): void => {
    if (this.#page.visibilityState !== 'visible') return;
    if (this.#pause === undefined) this.#send();
    else this.#hasNewSign = true;
  };

  /** Call when the conversation is left or has ended: nothing is reported after it. */
  stop(): void {
    clearTimeout(this.#pause);
    this.#pause = undefined;
    this.#hasNewSign = false;
  }

  #send(): void {
    this.#hasNewSign = false;
    this.#report();
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      if (this.#hasNewSign) this.sign();
    }, REPORT_EVERY_MS);
  }
}
