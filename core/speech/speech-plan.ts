import { backlogDrainedIn, drainTime } from './catch-up.ts';

/**
 * Where speech is when. Positions are milliseconds of unhurried speech since the first unit, times those of the caller's
 * clock: the plan catches up with the newest position at `speechRate` and goes on unhurried after it.
 */
export class SpeechPlan {
  #at = 0;
  #from = 0;
  #newest = 0;

  /** The newest position to be caught up with. */
  get newest(): number {
    return this.#newest;
  }

  /** Plans anew: at the time `at` speech is at the position `from`. */
  begin(at: number, from: number, newest: number): void {
    this.#at = at;
    this.#from = from;
    this.#newest = Math.max(from, newest);
  }

  /** How far speech has come at a time, if there is always something to say. */
  positionAt(time: number): number {
    const elapsed = Math.max(0, time - this.#at);
    const untilNewest = drainTime(this.#newest - this.#from);
    if (elapsed >= untilNewest) return this.#newest + elapsed - untilNewest;
    return this.#newest - backlogDrainedIn(untilNewest - elapsed);
  }

  /** When speech comes to a position; never before the plan began. */
  timeOf(position: number): number {
    const untilNewest = drainTime(this.#newest - this.#from);
    if (position > this.#newest) return this.#at + untilNewest + position - this.#newest;
    return this.#at + Math.max(0, untilNewest - drainTime(this.#newest - position));
  }
}
