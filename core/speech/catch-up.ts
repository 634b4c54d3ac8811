/**
 * How fast a backlog is spoken. A backlog is measured in milliseconds of unhurried speech that has been produced and not yet spoken.
 *
 * The rate is a function of the backlog alone: 1 up to a comfortable backlog, then growing without a step, as the square of
 * the excess. Because it only grows with the backlog, text that arrives later never delays what is already queued; because
 * it grows faster than the backlog does, draining any backlog whatever takes less than `MAX_LAG_MS`.
 */

/** However much is queued, its last word is spoken within this many milliseconds of being produced. */
export const MAX_LAG_MS = 1500;

/** Up to this backlog speech is unhurried: half of the lag allowed, more than the longest pause within it. */
export const COMFORTABLE_BACKLOG_MS = MAX_LAG_MS / 2;

/**
 * What the rate's growth is measured by. Each of these milliseconds of backlog beyond the comfortable raises the square root of
 * the rate by 1, so the square root never moves by more than the change of the backlog divided by this.
 */
export const CATCH_UP_SCALE_MS = MAX_LAG_MS - COMFORTABLE_BACKLOG_MS;

/** Milliseconds of unhurried speech spoken per millisecond at a backlog: at least 1, continuous, never falling as the backlog grows. */
export function speechRate(backlogMs: number): number {
  const excess = Math.max(0, backlogMs - COMFORTABLE_BACKLOG_MS);
  return (1 + excess / CATCH_UP_SCALE_MS) ** 2;
}

/** Milliseconds until a backlog is spoken if nothing is added to it: the integral of 1 / `speechRate`, below `MAX_LAG_MS` for every backlog. */
export function drainTime(backlogMs: number): number {
  if (backlogMs <= COMFORTABLE_BACKLOG_MS) return Math.max(0, backlogMs);
  const excess = backlogMs - COMFORTABLE_BACKLOG_MS;
  return COMFORTABLE_BACKLOG_MS + (excess * CATCH_UP_SCALE_MS) / (excess + CATCH_UP_SCALE_MS);
}

/** The backlog that takes `timeMs` to drain: the inverse of `drainTime`, for times below `MAX_LAG_MS`. */
export function backlogDrainedIn(timeMs: number): number {
  if (timeMs <= COMFORTABLE_BACKLOG_MS) return Math.max(0, timeMs);
  const hurried = timeMs - COMFORTABLE_BACKLOG_MS;
  return COMFORTABLE_BACKLOG_MS + (hurried * CATCH_UP_SCALE_MS) / (CATCH_UP_SCALE_MS - hurried);
}
