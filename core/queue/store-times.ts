import type { Clock } from '../clock/clock.ts';

/**
 * BullMQ takes all times that it writes to its store, or compares with stored ones, from this machine's clock. This
 * translates them: times sent to the store are in the store's time, times that its workers read are in this machine's. So
 * delays, retries, schedules and locks are right even if the machine's clock is wrong.
 */
export class StoreTimes {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A command's argument, in the store's time if it is a time. */
  toStore<T>(argument: T): T | number {
    return isTime(argument) ? argument + this.#behindMs() : argument;
  }

  /** A value that the store returned, in this machine's time if it is a time. */
  fromStore<T>(answer: T): T | number {
    const time = Number(answer);
    return isTime(time) ? time - this.#behindMs() : answer;
  }

  /** How far this machine's clock is behind the store's, in whole milliseconds. */
  #behindMs(): number {
    return Math.round(this.#clock.now() - Date.now());
  }
}

/** Among the numbers that BullMQ sends, only Unix milliseconds are this large: from 2001 to 2286. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && value >= 1e12 && value < 1e13;
}
