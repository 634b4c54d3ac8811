import {
  BUCKET_MS,
  inferenceStats,
  STATS_BUCKETS,
  type InferenceStats as Stats,
} from '../../core/inference/inference-stats.ts';
import { badInput } from './bad-input.ts';
import { builder } from './builder.ts';
import { AiErrorCode } from './enums.ts';
import { requireRole } from './role.ts';

const StatsBucket = builder.enumType('StatsBucket', {
  description: 'How long each stretch of time is. Stretches begin at whole minutes, hours and days of UTC.',
  values: STATS_BUCKETS,
});

const ErrorCount = builder.objectRef<Stats['errorsByCode'][number]>('InferenceErrorCount').implement({
  description: 'How many calls failed for one reason.',
  fields: (t) => ({
    code: t.expose('code', { type: AiErrorCode, description: 'The reason.' }),
    count: t.exposeInt('count', { description: 'How many.' }),
  }),
});

const InferenceStats = builder.objectRef<Stats>('InferenceStats').implement({
  description: 'What was measured of the calls to one model in one stretch of time.',
  fields: (t) => ({
    start: t.expose('start', { type: 'DateTime', description: 'When the stretch begins.' }),
    model: t.exposeString('model', {
      description: 'The model. `other`: all but the twenty that were asked most in the range.',
    }),
    requests: t.exposeInt('requests', { description: 'How many calls began.' }),
    errors: t.exposeInt('errors', { description: 'How many of them failed.' }),
    aborted: t.exposeInt('aborted', { description: 'How many of them were cut off by whoever asked.' }),
    errorRate: t.float({
      description: 'Which part of them failed, from 0 to 1.',
      resolve: ({ errors, requests }) => errors / requests,
    }),
    inputTokens: t.exposeFloat('inputTokens', { description: 'Tokens of all prompts.' }),
    outputTokens: t.exposeFloat('outputTokens', { description: 'Tokens of all answers.' }),
    latencyP50: t.exposeFloat('latencyP50', { nullable: true, description: latency('half') }),
    latencyP95: t.exposeFloat('latencyP95', { nullable: true, description: latency('95 %') }),
    latencyP99: t.exposeFloat('latencyP99', { nullable: true, description: latency('99 %') }),
    firstTokenP50: t.exposeFloat('firstTokenP50', { nullable: true, description: firstToken('half') }),
    firstTokenP95: t.exposeFloat('firstTokenP95', { nullable: true, description: firstToken('95 %') }),
    errorsByCode: t.expose('errorsByCode', {
      type: [ErrorCount],
      description: 'Why calls failed, most frequent first.',
    }),
  }),
});

function latency(part: string): string {
  return `Within how many milliseconds ${part} of the calls that succeeded had ended; null when none did.`;
}

function firstToken(part: string): string {
  return `Within how many milliseconds ${part} of the calls had their first text; null when none had any.`;
}

/** The most stretches of time that one call may ask for. */
const MOST_BUCKETS = 1_000;

builder.queryField('inferenceStats', (t) =>
  t.field({
    type: [InferenceStats],
    description:
      'Telemetry of inference calls for charts: by model over time, oldest first. Stretches without calls are left out. Admins only.',
    args: {
      from: t.arg({ type: 'DateTime', required: true, description: 'Calls that began from then on.' }),
      to: t.arg({
        type: 'DateTime',
        required: true,
        description: 'Calls that began before. At most 1,000 stretches after `from`.',
      }),
      bucket: t.arg({ type: StatsBucket, required: true, description: 'How long each stretch is.' }),
    },
    complexity: { field: 10, multiplier: 20 },
    resolve: (_root, { from, to, bucket }, { prisma, viewer }) => {
      requireRole(viewer, 'ADMIN');
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
