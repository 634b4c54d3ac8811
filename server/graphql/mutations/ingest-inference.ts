import { v7 as uuidv7 } from 'uuid';
import { InvalidInputError, RateLimitedError, UnavailableError } from '../../../core/errors.ts';
import { type InferenceRecord, inferenceRecord } from '../../../core/inference/inference-record.ts';
import { builder } from '../builder.ts';
import { AiErrorCode, InferenceStatus } from '../enums.ts';
import { fromNodeId, type NodeType } from '../ids.ts';
import { requireRole } from '../role.ts';
import { validated } from './input.ts';

const IngestInferenceInput = builder.inputType('IngestInferenceInput', {
  description: 'What was measured of one call to a model.',
  fields: (t) => ({
    model: t.string({ required: true, description: 'The model that was asked: 1 to 200 characters.' }),
    provider: t.string({ required: true, description: 'Who runs it: 1 to 200 characters.' }),
    status: t.field({ type: InferenceStatus, required: true, description: 'How the call ended.' }),
    latencyMs: t.int({ required: true, description: 'How long the call took, in milliseconds.' }),
    timeToFirstTokenMs: t.int({ description: 'How long until the first text came, in milliseconds.' }),
    promptTokens: t.int({ required: true, description: 'Tokens of the prompt.' }),
    completionTokens: t.int({ required: true, description: 'Tokens of the answer.' }),
    conversationId: t.id({ description: 'The conversation that it was for.' }),
    messageId: t.id({ description: 'The message that it was for.' }),
    errorCode: t.field({ type: AiErrorCode, description: 'Why it failed.' }),
    errorMessage: t.string({
      description: 'What the provider said. At most 65,536 characters; redacted, then cut to 500.',
    }),
    inputPreview: t.string({
      description: 'What was asked. At most 65,536 characters; redacted, then cut to 500.',
    }),
    outputPreview: t.string({
      description: 'What was answered. At most 65,536 characters; redacted, then cut to 500.',
    }),
    idempotencyKey: t.field({ type: 'UUID', description: 'Makes a retry safe.' }),
  }),
});

const IngestInferenceSuccess = builder.objectRef<{ accepted: boolean }>('IngestInferenceSuccess').implement({
  description: 'It is queued, and will be stored.',
  fields: (t) => ({ accepted: t.exposeBoolean('accepted', { description: 'Always true.' }) }),
});

builder.mutationField('ingestInference', (t) =>
  t.field({
    type: IngestInferenceSuccess,
    description:
      'Accepts inference telemetry from any service and queues it for redaction and storage. Needs role SERVICE or ADMIN.',
    errors: { types: [InvalidInputError, RateLimitedError, UnavailableError] },
    args: { input: t.arg({ type: IngestInferenceInput, required: true, description: 'The measurements.' }) },
    resolve: async (_root, { input }, { inferenceJobs, viewer }) => {
      requireRole(viewer, 'SERVICE', 'ADMIN');
      const record = recordFrom(input);
      try {
        // One that could not be stored the last time is to be tried anew, not to be taken for stored.
        if (input.idempotencyKey) await inferenceJobs.forget(record);
        await inferenceJobs.add(record);
      } catch (cause) {
        throw new UnavailableError({ cause });
      }
      return { accepted: true };
    },
  }),
);

/** The names that the record gives to fields of the input. */
const FIELDS: Record<string, string | undefined> = {
  inputTokens: 'promptTokens',
  outputTokens: 'completionTokens',
  input: 'inputPreview',
  output: 'outputPreview',
};

/** @throws {InvalidInputError} with every fault, by the input's own names */
function recordFrom(input: typeof IngestInferenceInput.$inferInput): InferenceRecord {
  const { conversationId, messageId, promptTokens, completionTokens, idempotencyKey } = input;
  const record = {
    id: idempotencyKey?.toLowerCase() ?? uuidv7(),
    conversationId: rowId('conversationId', 'Conversation', conversationId),
    messageId: rowId('messageId', 'Message', messageId),
    model: input.model,
    provider: input.provider,
    status: input.status,
    latencyMs: input.latencyMs,
    timeToFirstTokenMs: input.timeToFirstTokenMs ?? null,
    inputTokens: promptTokens,
    outputTokens: completionTokens,
    tokensEstimated: false,
    errorCode: input.errorCode ?? null,
    errorMessage: input.errorMessage ?? null,
    input: input.inputPreview ?? null,
    output: input.outputPreview ?? null,
    at: Date.now() - Math.max(0, input.latencyMs),
  };
  try {
    return validated(inferenceRecord, record);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    throw new InvalidInputError(
      error.fieldErrors.map(({ path, message }) => ({ path: FIELDS[path] ?? path, message })),
    );
  }
}

function rowId(field: string, type: NodeType, nodeId: string | null | undefined): string | null {
  if (nodeId == null) return null;
  const node = fromNodeId(nodeId);
  if (node?.type !== type)
    throw new InvalidInputError([{ path: field, message: `is not the id of a ${type.toLowerCase()}` }]);
  return node.id;
}
