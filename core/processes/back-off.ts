const FIRST_MS = 100;
const LONGEST_MS = 10_000;

/** A process that has run for this long, in milliseconds, has not failed at its start. */
export const HAS_RUN_MS = 60_000;

/** How long to wait before a process is started again, in milliseconds. `deaths`: how often it has ended in a row, 1 or more. */
export function backOffMs(deaths: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** (deaths - 1));
}
