/** The value below which `p` percent of the samples lie (nearest rank). */
export function percentile(samples: readonly number[], p: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((p / 100) * sorted.length) - 1)] ?? Number.NaN;
}

/** A row of a table in milliseconds: the number of samples, median, 95th and 99th percentile, maximum, and the goal. */
export function row(name: string, samples: readonly number[], goal: string): string {
  const cells = [50, 95, 99, 100].map((p) => percentile(samples, p).toFixed(1).padStart(8));
  return `| ${name.padEnd(58)} | ${String(samples.length).padStart(5)} | ${cells.join(' | ')} | ${goal.padEnd(14)} |`;
}

export const HEADER = [
  `| ${'milliseconds'.padEnd(58)} | runs  |   p50    |   p95    |   p99    |   max    | goal           |`,
  `|${'-'.repeat(60)}|-------|----------|----------|----------|----------|----------------|`,
].join('\n');
