/** Attempts for about a day of outage; then the job is kept as failed, with its reason. */
export const ATTEMPTS = 20_000;
/** Longest wait between two attempts of a job, in milliseconds. */
const LONGEST_BACKOFF_MS = 5_000;

/** How long to wait before the next attempt, in milliseconds: doubles from half a second. */
export function backoff(tries = 1): number {
  return Math.min(250 * 2 ** Math.min(tries, 10), LONGEST_BACKOFF_MS);
}
