/** The time that all processes of an installation share, for comparing times that other processes wrote. */
export interface Clock {
  /** Unix milliseconds, with fractions. */
  now(): number;
}

/** This machine's own clock: for a store that only this process uses. */
export const machineClock: Clock = { now: () => Date.now() };
