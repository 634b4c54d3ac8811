import { v5 as uuidv5, v7 as uuidv7 } from 'uuid';
import { InvalidInputError, RateLimitedError, UnavailableError } from '../../../core/domain/errors.ts';
import { isUuid } from '../../../core/domain/ids.ts';
import { DEFAULT_TENANT } from '../../../core/domain/owner.ts';
import { INPUT_TEXTS } from '../../../core/domain/texts.ts';
import { type InferenceRecord, inferenceRecord } from '../../../core/inference/inference-record.ts';
import { TELEMETRY_WRITERS } from '../auth-scopes.ts';
import { builder } from '../builder.ts';
import { fromNodeId, type NodeType, toNodeId } from '../ids.ts';
import { InferenceStatus, ModelErrorCode } from '../types/enums.ts';
import { validated } from './input.ts';

const IngestInferenceInput = builder.inputType('IngestInferenceInput', {
  description: 'The measurements of one call to a model.',
  fields: (t) => ({
    model: t.string({ required: true, description: 'The id of the model: 1 to 200 characters.' }),
    provider: t.string({ required: true, description: 'The name of the provider: 1 to 200 characters.' }),
    status: t.field({ type: InferenceStatus, required: true, description: 'How the call ended.' }),
    latencyMs: t.int({ required: true, description: 'How long the call took, in milliseconds.' }),
    timeToFirstTokenMs: t.int({
      description: 'The time until the first text of the answer, in milliseconds; null when there was none.',
    }),
    inputTokens: t.int({ required: true, description: 'Tokens of the prompt, with its context.' }),
    outputTokens: t.int({ required: true, description: 'Tokens of the answer itself.' }),
    conversationId: t.id({ description: 'The conversation that the call was for; null for none.' }),
    messageId: t.id({ description: 'The message that the call was for; null for none.' }),
    errorCode: t.field({ type: ModelErrorCode, description: 'Why the call failed; null when it did not.' }),
    errorMessage: t.string({
      description: "The provider's error message. At most 65,536 characters; redacted, then cut to 500.",
    }),
    inputText: t.string({
      description: 'The text of the request. At most 65,536 characters; redacted, then cut to 500.',
    }),
    outputText: t.string({
      description: 'The text of the answer. At most 65,536 characters; redacted, then cut to 500.',
    }),
    idempotencyKey: t.field({
      type: 'UUID',
      description: 'Makes a retry safe: telemetry with the same key is stored once.',
    }),
    occurredAt: t.field({ type: 'DateTime', description: 'When the call began; now unless given.' }),
  }),
});

const IngestInferenceSuccess = builder.objectRef<{ id: string }>('IngestInferenceSuccess').implement({
  description: 'The measurements are queued, and will be stored.',
  fields: (t) => ({
    id: t.id({
      description: 'The id of the InferenceLog that will be stored.',
      resolve: ({ id }) => toNodeId('InferenceLog', id),
    }),
  }),
});

builder.mutationField('ingestInference', (t) =>
  t.field({
    type: IngestInferenceSuccess,
    description:
      'Accepts inference telemetry from any service and queues it for redaction and storage. For SERVICE, ADMIN and OPERATOR.',
    authScopes: { role: TELEMETRY_WRITERS, scope: 'TELEMETRY_WRITE' },
    errors: { types: [InvalidInputError, RateLimitedError, UnavailableError] },
    args: {
      input: t.arg({
        type: IngestInferenceInput,
        required: true,
        description: 'The measurements of the call.',
      }),
    },
    resolve: async (_root, { input }, { inferenceJobs, clock, viewer }) => {
      const record = recordFrom(input, viewer.tenant, Math.round(clock.now()));
      try {
        // A record whose job failed before must be queued again, not taken for a duplicate.
        if (input.idempotencyKey) await inferenceJobs.removeFailed(record);
        await inferenceJobs.add(record);
      } catch (cause) {
        throw new UnavailableError({ cause });
      }
      return { id: record.id };
    },
  }),
);

/** The field of the input for each field of the record that has another name. */
const FIELDS: Record<string, string | undefined> = {
  input: 'inputText',
  output: 'outputText',
  at: 'occurredAt',
};

/** @throws {InvalidInputError} with every fault, under the names of the input's fields */
function recordFrom(
  input: typeof IngestInferenceInput.$inferInput,
  tenant: string,
  now: number,
): InferenceRecord {
  const { conversationId, messageId, inputTokens, outputTokens, idempotencyKey, occurredAt } = input;
  if (occurredAt && occurredAt.getTime() > now + CLOCK_SKEW_MS) throw badTime(INPUT_TEXTS.inFuture);
  if (occurredAt && occurredAt.getTime() < 0) throw badTime(INPUT_TEXTS.beforeEpoch);
  const record = {
    id: idempotencyKey == null ? uuidv7() : idOf(idempotencyKey.toLowerCase(), tenant),
    tenant,
    owner: null,
    conversationId: rowId('conversationId', 'Conversation', conversationId),
    messageId: rowId('messageId', 'Message', messageId),
    model: input.model,
    provider: input.provider,
    status: input.status,
    latencyMs: input.latencyMs,
    timeToFirstTokenMs: input.timeToFirstTokenMs ?? null,
    inputTokens,
    outputTokens,
    tokensEstimated: false,
    errorCode: input.errorCode ?? null,
    errorMessage: input.errorMessage ?? null,
    input: input.inputText ?? null,
    output: input.outputText ?? null,
    at: occurredAt?.getTime() ?? now,
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

/** The id for a key, which is another one in each tenant: a tenant must not keep the telemetry of another from being stored. */
function idOf(key: string, tenant: string): string {
  return tenant === DEFAULT_TENANT || !isUuid(key) ? key : uuidv5(tenant, key);
}

/** How far a caller's clock may be ahead of this one, in milliseconds: what TLS certificates and tokens commonly allow. */
const CLOCK_SKEW_MS = 300_000;

function badTime(message: string): InvalidInputError {
  return new InvalidInputError([{ path: 'occurredAt', message }]);
}

function rowId(field: string, type: NodeType, nodeId: string | null | undefined): string | null {
  if (nodeId == null) return null;
  const node = fromNodeId(nodeId);
  if (node?.type !== type)
    throw new InvalidInputError([{ path: field, message: `is not the id of a ${type.toLowerCase()}` }]);
  return node.id;
}
