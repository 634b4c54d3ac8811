import type { UsageStatsQuery } from '../gql/graphql.ts';

export type Stats = UsageStatsQuery['inferenceStats'][number];

/** What a chart shows of one bucket of time: a number for each of its keys. */
type Point = { start: number } & Record<string, number | null>;

export interface Series {
  keys: string[];
  points: Point[];
}

export interface Window {
  from: number;
  to: number;
  bucketMs: number;
}

/** Calls by their outcome. */
export function callsOver(stats: readonly Stats[], window: Window): Series {
  return sums(stats, window, ({ requests, errors, aborted }) => ({
    SUCCESS: requests - errors - aborted,
    ERROR: errors,
    ABORTED: aborted,
  }));
}

/** Tokens of prompts and answers together, by model. */
export function tokensOver(stats: readonly Stats[], window: Window): Series {
  return sums(stats, window, ({ modelId, inputTokens, outputTokens }) => ({
    [modelId]: inputTokens + outputTokens,
  }));
}

/** Failures by their code. */
export function errorsOver(stats: readonly Stats[], window: Window): Series {
  return sums(stats, window, ({ errorsByCode }) =>
    Object.fromEntries(errorsByCode.map(({ code, count }) => [code, count])),
  );
}

/** Latency percentiles of one model. Percentiles of several models cannot be combined. */
export function latencyOver(stats: readonly Stats[], window: Window, model: string): Series {
  const own = new Map(
    stats.filter((each) => each.modelId === model).map((each) => [Date.parse(each.start), each]),
  );
  const points = bucketStarts(window).map((start) => {
    const { latencyP50Ms = null, latencyP95Ms = null, latencyP99Ms = null } = own.get(start) ?? {};
    return { start, p50: latencyP50Ms, p95: latencyP95Ms, p99: latencyP99Ms };
  });
  return { keys: ['p50', 'p95', 'p99'], points };
}

/** Models, those with most calls first; `compare` sorts those with as many. */
export function modelsOf(stats: readonly Stats[], compare: (a: string, b: string) => number): string[] {
  const calls = new Map<string, number>();
  for (const { modelId, requests } of stats) calls.set(modelId, (calls.get(modelId) ?? 0) + requests);
  return [...calls].sort(([a, more], [b, most]) => most - more || compare(a, b)).map(([modelId]) => modelId);
}

export interface Totals {
  calls: number;
  errors: number;
  tokens: number;
}

export function totalsOf(stats: readonly Stats[]): Totals {
  const totals = { calls: 0, errors: 0, tokens: 0 };
  for (const { requests, errors, inputTokens, outputTokens } of stats) {
    totals.calls += requests;
    totals.errors += errors;
    totals.tokens += inputTokens + outputTokens;
  }
  return totals;
}

/** One point for each bucket, also for empty ones. Keys are in the order of their sums. */
function sums(stats: readonly Stats[], window: Window, of: (stats: Stats) => Record<string, number>): Series {
  const points = new Map(bucketStarts(window).map((start) => [start, { start } as Point]));
  const totals = new Map<string, number>();
  for (const each of stats) {
    const point = points.get(Date.parse(each.start));
    if (!point) continue;
    for (const [key, value] of Object.entries(of(each))) {
      point[key] = (point[key] ?? 0) + value;
      totals.set(key, (totals.get(key) ?? 0) + value);
    }
  }
  const keys = [...totals].sort(([, a], [, b]) => b - a).map(([key]) => key);
  for (const point of points.values()) for (const key of keys) point[key] ??= 0;
  return { keys, points: [...points.values()] };
}

function bucketStarts({ from, to, bucketMs }: Window): number[] {
  return Array.from({ length: Math.round((to - from) / bucketMs) }, (_, index) => from + index * bucketMs);
}
