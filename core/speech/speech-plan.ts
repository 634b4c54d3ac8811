import type { Drain } from './catch-up.ts';

/**
 * Maps times to positions of speech. Positions are milliseconds of speech at normal speed since the first unit; times are
 * those of the caller's clock. The plan reaches the newest position as its backlog drains, and continues at normal speed after it.
 */
export class SpeechPlan {
  readonly #drain: Drain;
  #at = 0;
  #from = 0;
  #newest = 0;

  constructor(drain: Drain) {
    this.#drain = drain;
  }

  /** The newest queued position. */
  get newest(): number {
    return this.#newest;
  }

  /** Starts a new plan: at the time `at`, speech is at the position `from`. */
  begin(at: number, from: number, newest: number): void {
    this.#at = at;
    this.#from = from;
    this.#newest = Math.max(from, newest);
  }

  /** The position of speech at a time, if there is always text to speak. */
  positionAt(time: number): number {
    const elapsed = Math.max(0, time - this.#at);
    const untilNewest = this.#drain.drainTime(this.#newest - this.#from);
    if (elapsed >= untilNewest) return this.#newest + elapsed - untilNewest;
    return this.#newest - this.#drain.backlogDrainedIn(untilNewest - elapsed);
  }

  /** The time at which speech reaches a position; never before the plan began. */
  timeOf(position: number): number {
    const untilNewest = this.#drain.drainTime(this.#newest - this.#from);
    if (position > this.#newest) return this.#at + untilNewest + position - this.#newest;
    return this.#at + Math.max(0, untilNewest - this.#drain.drainTime(this.#newest - position));
  }
}
