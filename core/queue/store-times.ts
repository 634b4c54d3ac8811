import type { Clock } from '../clock/clock.ts';

/**
 * BullMQ takes every time that it writes to its store, or compares with what is there, from this machine's clock. Where
 * the two meet they are translated: what goes to the store is in the store's time, what its workers get back is in this
 * machine's. So delays, retries, schedules and locks are right whatever the machine's clock says.
 */
export class StoreTimes {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** An argument of a command as the store is to have it. */
  toStore<T>(argument: T): T | number {
    return isTime(argument) ? argument + this.#behindMs() : argument;
  }

  /** What the store answers for a time, or null, as this machine has it; anything else as it is. */
  fromStore<T>(answer: T): T | number {
    const time = Number(answer);
    return isTime(time) ? time - this.#behindMs() : answer;
  }

  /** By how many whole milliseconds this machine's clock is behind the store's. */
  #behindMs(): number {
    return Math.round(this.#clock.now() - Date.now());
  }
}

/** Of the numbers that BullMQ hands about, Unix milliseconds alone are this large; these are of 2001 to 2286. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && value >= 1e12 && value < 1e13;
}
