// #region backoff
/** The wait before an attempt, counted from 0, in milliseconds: exponential backoff with jitter. */
export function backoff(attempt) {
  return Math.min(1_000 * 2 ** attempt, 30_000) * (1 + Math.random());
}
// #endregion
