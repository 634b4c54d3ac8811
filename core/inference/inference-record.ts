import { z } from 'zod';
import { AI_ERROR_CODES } from '../conversation/vocabulary.ts';

export const INFERENCE_STATUSES = ['SUCCESS', 'ERROR', 'ABORTED'] as const;
export type InferenceStatus = (typeof INFERENCE_STATUSES)[number];

const count = z
  .int('must be a whole number')
  .min(0, 'must not be negative')
  .max(2_147_483_647, 'is too large');
const name = z.string().trim().min(1, 'must not be empty').max(200, 'must be at most 200 characters');

/** What is known of one call to a model. Times are in milliseconds, `at` is Unix milliseconds. No words are kept of it. */
export const inferenceRecord = z.object({
  id: z.uuid(),
  conversationId: z.uuid().nullable(),
  messageId: z.uuid().nullable(),
  model: name,
  provider: name,
  status: z.enum(INFERENCE_STATUSES),
  latencyMs: count,
  timeToFirstTokenMs: count.nullable(),
  inputTokens: count,
  outputTokens: count,
  /** True where the provider did not count them. */
  tokensEstimated: z.boolean(),
  errorCode: z.enum(AI_ERROR_CODES).nullable(),
  at: z.int(),
});
export type InferenceRecord = z.infer<typeof inferenceRecord>;
