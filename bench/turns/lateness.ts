/** How late words were, from a worker's metrics: cumulative counts by upper bound in milliseconds. */
export type Lateness = ReadonlyMap<number, number>;

const LINE = /^pacing_lag_ms_bucket\{le="([^"]+)"[^}]*\} (\S+)$/gm;

/** Reads the histogram `pacing_lag_ms` of a process. */
export async function readLateness(url: string): Promise<Lateness> {
  const response = await fetch(`${url}/metrics`);
  const text = await response.text();
  if (!response.ok) throw new Error(`the metrics cannot be read: ${response.status}`);
  return new Map(
    [...text.matchAll(LINE)].map(([, bound, count]) => [
      bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound),
      Number(count),
    ]),
  );
}

/** What was counted from one reading to a later one. */
export function between(before: Lateness, after: Lateness): Lateness {
  return new Map([...after].map(([bound, count]) => [bound, count - (before.get(bound) ?? 0)]));
}

/** The share of words that were not later than `bound`, one of the histogram's own. */
export function shareWithin(lateness: Lateness, bound: number): number {
  return (lateness.get(bound) ?? 0) / (lateness.get(Number.POSITIVE_INFINITY) ?? 0);
}

/** The lateness that `p` percent do not exceed, in milliseconds, interpolated within its bucket as Prometheus does. */
export function lateAt(lateness: Lateness, p: number): number {
  const wanted = ((lateness.get(Number.POSITIVE_INFINITY) ?? 0) * p) / 100;
  let [from, below] = [0, 0];
  for (const [bound, count] of lateness) {
    if (count >= wanted)
      return bound === Number.POSITIVE_INFINITY
        ? bound
        : from + ((bound - from) * (wanted - below)) / (count - below);
    [from, below] = [bound, count];
  }
  return Number.NaN;
}
