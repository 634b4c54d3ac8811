import { STATS_BUCKETS, type InferenceStats as Stats } from '../../../core/store/inference-stats.ts';
import { builder } from '../builder.ts';
import { described, mayGrow } from './described.ts';
import { ModelErrorCode } from './enums.ts';

export const StatsBucket = builder.enumType('StatsBucket', {
  description: mayGrow('The length of each bucket of time.'),
  values: described(STATS_BUCKETS, {
    MINUTE: 'Buckets of one minute, starting at whole minutes.',
    HOUR: 'Buckets of one hour, starting at whole hours of UTC.',
    DAY: 'Buckets of 24 hours, starting at midnight UTC.',
  }),
});

export const StatsGroup = builder.enumType('StatsGroup', {
  description: mayGrow('What the calls of a bucket are grouped by.'),
  values: described(['MODEL'] as const, { MODEL: 'The model that was called.' }),
});

const ErrorCount = builder.objectRef<Stats['errorsByCode'][number]>('InferenceErrorCount').implement({
  description: 'How many calls failed for one reason.',
  fields: (t) => ({
    code: t.expose('code', { type: ModelErrorCode, description: 'Why these calls failed.' }),
    count: t.exposeInt('count', { description: 'How many calls failed for this reason.' }),
  }),
});

export const InferenceStats = builder.objectRef<Stats>('InferenceStats').implement({
  description: 'Statistics of the calls to one model in one bucket of time.',
  fields: (t) => ({
    start: t.expose('start', { type: 'DateTime', description: 'When the bucket begins (inclusive).' }),
    modelId: t.exposeString('model', {
      description:
        'The id of the model; `other` for all models but the twenty that were called most in the range.',
    }),
    requests: t.exposeInt('requests', { description: 'How many calls began in the bucket.' }),
    errors: t.exposeInt('errors', { description: 'How many of them failed.' }),
    aborted: t.exposeInt('aborted', { description: 'How many of them their callers cut off.' }),
    errorRate: t.float({
      description: 'The share of them that failed, from 0 to 1.',
      resolve: ({ errors, requests }) => errors / requests,
    }),
    inputTokens: t.exposeFloat('inputTokens', { description: 'Tokens of all prompts together.' }),
    outputTokens: t.exposeFloat('outputTokens', { description: 'Tokens of all answers together.' }),
    latencyP50Ms: t.exposeFloat('latencyP50', { nullable: true, description: latency('half') }),
    latencyP95Ms: t.exposeFloat('latencyP95', { nullable: true, description: latency('95 %') }),
    latencyP99Ms: t.exposeFloat('latencyP99', { nullable: true, description: latency('99 %') }),
    firstTokenP50Ms: t.exposeFloat('firstTokenP50', { nullable: true, description: firstToken('half') }),
    firstTokenP95Ms: t.exposeFloat('firstTokenP95', { nullable: true, description: firstToken('95 %') }),
    errorsByCode: t.expose('errorsByCode', {
      type: [ErrorCount],
      description: 'Why calls failed, most frequent first.',
    }),
  }),
});

function latency(part: string): string {
  return `The time in milliseconds within which ${part} of the successful calls ended; null when none succeeded.`;
}

function firstToken(part: string): string {
  return `The time in milliseconds within which ${part} of the calls had their first text; null when none had text.`;
}
