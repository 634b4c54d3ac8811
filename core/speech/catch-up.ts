/**
 * How fast a backlog is spoken. A backlog is the speech that has been produced and not yet spoken, in milliseconds at normal
 * speed.
 *
 * The rate depends only on the backlog: it is 1 up to a comfortable backlog, then grows without a step, as the square of the
 * excess. Because it never falls as the backlog grows, later text never delays queued text. Because it grows faster than the
 * backlog, draining any backlog takes less than `MAX_LAG_MS`.
 */

/** Every word is spoken within this many milliseconds after it was produced, however much is queued. */
export const MAX_LAG_MS = 1500;

/** Up to this backlog speech has normal speed: half of the longest lag, and more than the longest pause. */
const COMFORTABLE_BACKLOG_MS = MAX_LAG_MS / 2;

/**
 * The scale of the rate's growth. Each `CATCH_UP_SCALE_MS` of backlog beyond the comfortable one raises the square root of
 * the rate by 1, so the square root never changes by more than the change of the backlog divided by this.
 */
export const CATCH_UP_SCALE_MS = MAX_LAG_MS - COMFORTABLE_BACKLOG_MS;

/** Milliseconds of normal speech per millisecond at a backlog: at least 1, continuous, never falling as the backlog grows. */
export function speechRate(backlogMs: number): number {
  const excess = Math.max(0, backlogMs - COMFORTABLE_BACKLOG_MS);
  return (1 + excess / CATCH_UP_SCALE_MS) ** 2;
}

/** Milliseconds until a backlog is spoken if nothing is added: the integral of 1 / `speechRate`, always below `MAX_LAG_MS`. */
export function drainTime(backlogMs: number): number {
  if (backlogMs <= COMFORTABLE_BACKLOG_MS) return Math.max(0, backlogMs);
  const excess = backlogMs - COMFORTABLE_BACKLOG_MS;
  return COMFORTABLE_BACKLOG_MS + (excess * CATCH_UP_SCALE_MS) / (excess + CATCH_UP_SCALE_MS);
}

/** The backlog that takes `timeMs` to drain: the inverse of `drainTime`, for times below `MAX_LAG_MS`. */
function backlogDrainedIn(timeMs: number): number {
  if (timeMs <= COMFORTABLE_BACKLOG_MS) return Math.max(0, timeMs);
  const hurried = timeMs - COMFORTABLE_BACKLOG_MS;
  return COMFORTABLE_BACKLOG_MS + (hurried * CATCH_UP_SCALE_MS) / (CATCH_UP_SCALE_MS - hurried);
}

/** How a backlog shrinks with time. The two functions are inverses of each other; the arguments are milliseconds. */
export interface Drain {
  drainTime: (backlogMs: number) => number;
  backlogDrainedIn: (timeMs: number) => number;
}

/** Faster, the more is queued: nothing is later than `MAX_LAG_MS`. */
export const CATCHING_UP: Drain = { drainTime, backlogDrainedIn };

/** At normal speed, however much is queued. */
export const STEADY: Drain = {
  drainTime: (backlogMs) => Math.max(0, backlogMs),
  backlogDrainedIn: (timeMs) => Math.max(0, timeMs),
};
