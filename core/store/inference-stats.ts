import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { ModelErrorCode } from '../domain/vocabulary.ts';

export const STATS_BUCKETS = ['MINUTE', 'HOUR', 'DAY'] as const;
export type StatsBucket = (typeof STATS_BUCKETS)[number];

/** The length of a bucket, in milliseconds. */
export const BUCKET_MS: Record<StatsBucket, number> = { MINUTE: 60_000, HOUR: 3_600_000, DAY: 86_400_000 };

/** Statistics of the calls to one model in one bucket of time. Latencies are those of successful calls, in milliseconds. */
export interface InferenceStats {
  start: Date;
  model: string;
  requests: number;
  errors: number;
  aborted: number;
  inputTokens: number;
  outputTokens: number;
  latencyP50: number | null;
  latencyP95: number | null;
  latencyP99: number | null;
  firstTokenP50: number | null;
  firstTokenP95: number | null;
  errorsByCode: { code: ModelErrorCode; count: number }[];
}

/** The models with the most calls have their own statistics; the rest are combined, as callers may name any number. */
const MODELS = 20;
const OTHER_MODELS = 'other';

export interface StatsRange {
  /** Includes calls that began at or after this time, and before `to`. */
  from: Date;
  to: Date;
  bucket: StatsBucket;
}

/** The statistics of a tenant's calls (null: all) that began in a range, oldest first, then by model, without empty buckets. One query. */
export async function inferenceStats(
  prisma: Pick<PrismaClient, '$queryRaw'>,
  tenant: string | null,
  { from, to, bucket }: StatsRange,
): Promise<InferenceStats[]> {
  const width = `${BUCKET_MS[bucket]} milliseconds`;
  const rows = await prisma.$queryRaw<Row[]>`
    WITH named AS (
      SELECT model FROM inference_logs WHERE created_at >= ${from}::timestamptz AND created_at < ${to}::timestamptz
        AND (${tenant}::text IS NULL OR tenant = ${tenant}::text)
      GROUP BY model ORDER BY count(*) DESC, model LIMIT ${MODELS}::int
    ), calls AS (
      SELECT date_bin(${width}::interval, created_at, TIMESTAMPTZ '2000-01-01Z') AS start,
        CASE WHEN model IN (SELECT model FROM named) THEN model ELSE ${OTHER_MODELS} END AS model,
        status, error_code, latency_ms, time_to_first_token_ms, input_tokens, output_tokens
      FROM inference_logs WHERE created_at >= ${from}::timestamptz AND created_at < ${to}::timestamptz
        AND (${tenant}::text IS NULL OR tenant = ${tenant}::text)
    ), failures AS (
      SELECT start, model, jsonb_agg(jsonb_build_object('code', code, 'count', count) ORDER BY count DESC, code) AS by_code
      FROM (
        SELECT start, model, coalesce(error_code, 'UNKNOWN') AS code, count(*) AS count
        FROM calls WHERE status = 'ERROR' GROUP BY start, model, code) AS counted
      GROUP BY start, model
    )
    SELECT calls.start, calls.model, count(*)::int AS requests,
      count(*) FILTER (WHERE status = 'ERROR')::int AS errors,
      count(*) FILTER (WHERE status = 'ABORTED')::int AS aborted,
      sum(input_tokens)::float8 AS "inputTokens", sum(output_tokens)::float8 AS "outputTokens",
      percentile_cont(0.5) WITHIN GROUP (ORDER BY latency_ms) FILTER (WHERE status = 'SUCCESS') AS "latencyP50",
      percentile_cont(0.95) WITHIN GROUP (ORDER BY latency_ms) FILTER (WHERE status = 'SUCCESS') AS "latencyP95",
      percentile_cont(0.99) WITHIN GROUP (ORDER BY latency_ms) FILTER (WHERE status = 'SUCCESS') AS "latencyP99",
      percentile_cont(0.5) WITHIN GROUP (ORDER BY time_to_first_token_ms) AS "firstTokenP50",
      percentile_cont(0.95) WITHIN GROUP (ORDER BY time_to_first_token_ms) AS "firstTokenP95",
      coalesce(min(by_code::text), '[]') AS "byCode"
    FROM calls LEFT JOIN failures ON failures.start = calls.start AND failures.model = calls.model
    GROUP BY calls.start, calls.model ORDER BY calls.start, calls.model`;
  return rows.map(({ byCode, ...row }) => ({ ...row, errorsByCode: JSON.parse(byCode) }));
}

interface Row extends Omit<InferenceStats, 'errorsByCode'> {
  byCode: string;
}
