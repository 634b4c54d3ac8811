import { INPUT_TEXTS } from '../../../core/domain/texts.ts';
import { BUCKET_MS } from '../../../core/store/inference-stats.ts';
import { READS_TELEMETRY, telemetryOf } from '../auth-scopes.ts';
import { badInput } from '../bad-input.ts';
import { builder } from '../builder.ts';
import { InferenceStats, StatsBucket, StatsGroup } from '../types/inference-stats.ts';

/** How many buckets one call may request. */
const MOST_BUCKETS = 1_000;

builder.queryField('inferenceStats', (t) =>
  t.field({
    type: [InferenceStats],
    description:
      'Statistics of calls to models for charts: by bucket of time and model, oldest first. Buckets without calls are left out. For ADMIN and OPERATOR.',
    args: {
      from: t.arg({
        type: 'DateTime',
        required: true,
        description: 'Only calls that began at this time or later.',
      }),
      to: t.arg({
        type: 'DateTime',
        required: true,
        description: 'Only calls that began before this time. At most 1,000 buckets after `from`.',
      }),
      bucket: t.arg({ type: StatsBucket, required: true, description: 'The length of each bucket.' }),
      groupBy: t.arg({
        type: StatsGroup,
        required: true,
        defaultValue: 'MODEL',
        description: 'What the calls of a bucket are grouped by.',
      }),
    },
    complexity: { field: 10, multiplier: 20 },
    authScopes: READS_TELEMETRY,
    resolve: (_root, { from, to, bucket }, { inferenceLogs, viewer }) => {
      if (from.getTime() < 0) throw badInput('from', INPUT_TEXTS.beforeEpoch);
      const span = to.getTime() - from.getTime();
      if (span <= 0) throw badInput('to', 'must be later than from');
      if (span > MOST_BUCKETS * BUCKET_MS[bucket])
        throw badInput(
          'bucket',
          `gives more than ${MOST_BUCKETS} buckets: choose longer buckets or a shorter range`,
        );
      return inferenceLogs.stats(telemetryOf(viewer), { from, to, bucket });
    },
  }),
);
