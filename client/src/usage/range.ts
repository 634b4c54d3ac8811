import type { StatsBucket } from '../gql/graphql.ts';

/** A period up to now, and the length of its buckets. */
export interface Range {
  name: RangeName;
  /** As it is put into words: the last 24 hours. */
  said: { unit: 'hours' | 'days'; count: number };
  ms: number;
  bucket: StatsBucket;
  bucketMs: number;
}

export const RANGE_NAMES = ['hour', 'day', 'week', 'month'] as const;
export type RangeName = (typeof RANGE_NAMES)[number];

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const RANGES: Record<RangeName, Range> = {
  hour: {
    name: 'hour',
    said: { unit: 'hours', count: 1 },
    ms: HOUR_MS,
    bucket: 'MINUTE',
    bucketMs: MINUTE_MS,
  },
  day: { name: 'day', said: { unit: 'hours', count: 24 }, ms: DAY_MS, bucket: 'HOUR', bucketMs: HOUR_MS },
  week: { name: 'week', said: { unit: 'days', count: 7 }, ms: 7 * DAY_MS, bucket: 'HOUR', bucketMs: HOUR_MS },
  month: {
    name: 'month',
    said: { unit: 'days', count: 30 },
    ms: 30 * DAY_MS,
    bucket: 'DAY',
    bucketMs: DAY_MS,
  },
};

/** The range that ends with the bucket of `now`; it begins at the start of a bucket. */
export function windowOf({ ms, bucketMs }: Range, now: number): { from: number; to: number } {
  const to = Math.floor(now / bucketMs) * bucketMs + bucketMs;
  return { from: to - ms, to };
}
