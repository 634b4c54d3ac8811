import type { StatsBucket } from '../gql/graphql.ts';

/** A period up to now, and the length of its buckets. */
export interface Range {
  name: RangeName;
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
  hour: { name: 'hour', ms: HOUR_MS, bucket: 'MINUTE', bucketMs: MINUTE_MS },
  day: { name: 'day', ms: DAY_MS, bucket: 'HOUR', bucketMs: HOUR_MS },
  week: { name: 'week', ms: 7 * DAY_MS, bucket: 'HOUR', bucketMs: HOUR_MS },
  month: { name: 'month', ms: 30 * DAY_MS, bucket: 'DAY', bucketMs: DAY_MS },
};

/** The range that ends with the bucket of `now`; it begins at the start of a bucket. */
export function windowOf({ ms, bucketMs }: Range, now: number): { from: number; to: number } {
  const to = Math.floor(now / bucketMs) * bucketMs + bucketMs;
  return { from: to - ms, to };
}
