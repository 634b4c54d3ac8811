/** CPU time of some work, in milliseconds; other processes of the machine do not count. */
function cpuMs(work: () => unknown): number {
  const begun = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1_000;
}

/** The least of some measurements: compilation and garbage collection only add to it. */
export function leastCpuMs(work: () => unknown, limitMs = 0): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 10 && least > limitMs; i++) least = Math.min(least, cpuMs(work));
  return least;
}

/**
 * Whether work on four times as much takes clearly less than the sixteen times as long of quadratic time. What is
 * done in 50 ms is not compared: the clock is too coarse.
 */
export function isLinear(whole: () => unknown, quarter: () => unknown): boolean {
  let [ofWhole, ofQuarter] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let i = 0; i < 10; i++) {
    ofWhole = Math.min(ofWhole, cpuMs(whole));
    if (ofWhole < 50) return true;
    ofQuarter = Math.min(ofQuarter, cpuMs(quarter));
    if (i >= 1 && ofWhole < 8 * ofQuarter) return true;
  }
  return false;
}
