/** The time that all processes of an installation go by, where one compares what another wrote. */
export interface Clock {
  /** Unix milliseconds, not whole. */
  now(): number;
}

/** This machine's own clock: for a store that only this process uses. */
export const machineClock: Clock = { now: () => Date.now() };
