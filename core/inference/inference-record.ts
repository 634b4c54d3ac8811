import { z } from 'zod';
import { DEFAULT_TENANT } from '../domain/owner.ts';
import { INPUT_TEXTS } from '../domain/texts.ts';
import { MODEL_ERROR_CODES } from '../domain/vocabulary.ts';
import { storable } from '../text/storable.ts';

export const INFERENCE_STATUSES = ['SUCCESS', 'ERROR', 'ABORTED'] as const;
export type InferenceStatus = (typeof INFERENCE_STATUSES)[number];

const count = z
  .int('must be a whole number')
  .min(0, 'must not be negative')
  .max(2_147_483_647, 'is too large');
/** The longest name of a model or of its provider, in characters. */
export const LONGEST_NAME = 200;
const name = z
  .string()
  .trim()
  .min(1, INPUT_TEXTS.empty)
  .max(LONGEST_NAME, INPUT_TEXTS.tooLong(LONGEST_NAME))
  .transform(storable);

/** The longest text of a record, in characters: longer than the longest message. */
export const LONGEST_WORDS = 65_536;
/** The length of the stored preview of a text, in characters, after redaction. */
export const PREVIEW_LENGTH = 500;

const words = z.string().max(LONGEST_WORDS, INPUT_TEXTS.tooLong(LONGEST_WORDS)).transform(storable);

/**
 * The record of one call to a model. Durations are milliseconds, `at` is Unix milliseconds. Texts are not yet redacted: the
 * job that stores them redacts the whole texts first, and then keeps a preview.
 */
export const inferenceRecord = z.object({
  id: z.uuid(),
  /** Records of versions without tenants have none. */
  tenant: z.string().default(DEFAULT_TENANT),
  /** Whose call it was; null for one that a service reports. */
  owner: z.string().nullable().default(null),
  conversationId: z.uuid().nullable(),
  messageId: z.uuid().nullable(),
  model: name,
  provider: name,
  status: z.enum(INFERENCE_STATUSES),
  latencyMs: count,
  timeToFirstTokenMs: count.nullable(),
  inputTokens: count,
  outputTokens: count,
  /** True if the provider did not count them. */
  tokensEstimated: z.boolean(),
  errorCode: z.enum(MODEL_ERROR_CODES).nullable(),
  errorMessage: words.nullable(),
  input: words.nullable(),
  output: words.nullable(),
  at: z.int(),
});
export type InferenceRecord = z.infer<typeof inferenceRecord>;
