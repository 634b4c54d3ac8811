import { INPUT_TEXTS } from '../../../core/domain/texts.ts';
import { BUCKET_MS, inferenceStats } from '../../../core/inference/inference-stats.ts';
import { badInput } from '../bad-input.ts';
import { builder } from '../builder.ts';
import { requireRole, TELEMETRY_READERS } from '../role.ts';
import { InferenceStats, StatsBucket, StatsGroup } from '../types/inference-stats.ts';

/** The most stretches of time that one call may ask for. */
const MOST_BUCKETS = 1_000;

builder.queryField('inferenceStats', (t) =>
  t.field({
    type: [InferenceStats],
    description:
      'Telemetry of inference calls for charts: by model over time, oldest first. Stretches without calls are left out. For ADMIN and OPERATOR.',
    args: {
      from: t.arg({ type: 'DateTime', required: true, description: 'Calls that began from then on.' }),
      to: t.arg({
        type: 'DateTime',
        required: true,
        description: 'Calls that began before. At most 1,000 stretches after `from`.',
      }),
      bucket: t.arg({ type: StatsBucket, required: true, description: 'How long each stretch is.' }),
      groupBy: t.arg({
        type: StatsGroup,
        required: true,
        defaultValue: 'MODEL',
        description: 'What the calls are grouped by.',
      }),
    },
    complexity: { field: 10, multiplier: 20 },
    resolve: (_root, { from, to, bucket }, { prisma, viewer }) => {
      requireRole(viewer, TELEMETRY_READERS);
      if (from.getTime() < 0) throw badInput('from', INPUT_TEXTS.beforeEpoch);
      const span = to.getTime() - from.getTime();
      if (span <= 0) throw badInput('to', 'must be later than from');
      if (span > MOST_BUCKETS * BUCKET_MS[bucket])
        throw badInput(
          'bucket',
          `gives more than ${MOST_BUCKETS} stretches: take longer ones, or a shorter range`,
        );
      return inferenceStats(prisma, { from, to, bucket });
    },
  }),
);
