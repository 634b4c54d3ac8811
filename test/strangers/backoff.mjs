// #region backoff
/** How long to wait before an attempt, 0 being the first, in milliseconds: longer each time, and each client for itself. */
export function backoff(attempt) {
  return Math.min(1_000 * 2 ** attempt, 30_000) * (1 + Math.random());
}
// #endregion
