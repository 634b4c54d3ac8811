/** CPU time of some work, in milliseconds; other processes of the machine do not count. */
export function cpuMs(work: () => unknown): number {
  const begun = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1_000;
}

/** The least of three measurements: compilation and garbage collection only add to it. */
export function leastCpuMs(work: () => unknown): number {
  return Math.min(...Array.from({ length: 3 }, () => cpuMs(work)));
}
