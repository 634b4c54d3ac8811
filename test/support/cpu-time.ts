/** What some work costs the processor, in milliseconds: what else the machine does meanwhile does not count. */
export function cpuMs(work: () => unknown): number {
  const begun = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1_000;
}

/** The least of three: what is compiled or collected meanwhile only adds to it. */
export function leastCpuMs(work: () => unknown): number {
  return Math.min(...Array.from({ length: 3 }, () => cpuMs(work)));
}
