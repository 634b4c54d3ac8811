import type { ModelErrorCode as ErrorCode } from '../../../core/domain/vocabulary.ts';
import type { InferenceStatus as Status } from '../../../core/inference/inference-record.ts';
import { builder } from '../builder.ts';
import { toNodeId } from '../ids.ts';
import { InferenceStatus, ModelErrorCode } from './enums.ts';

export const InferenceLog = builder.prismaNode('InferenceLog', {
  id: { field: 'id', description: 'Opaque, and unique among all types.' },
  description: 'What was measured of one call to a model.',
  fields: (t) => ({
    conversationId: t.id({
      nullable: true,
      description: 'Whose conversation it was for; null when it was for none, or for one that was deleted.',
      resolve: ({ conversationId: id }) => id && toNodeId('Conversation', id),
    }),
    messageId: t.id({
      nullable: true,
      description: 'The turn that it was for, and so the message, if anything of the answer was heard.',
      resolve: ({ messageId: id }) => id && toNodeId('Message', id),
    }),
    modelId: t.exposeString('model', { description: 'The id of the model that was asked.' }),
    provider: t.exposeString('provider', { description: 'The provider that was asked.' }),
    status: t.field({
      type: InferenceStatus,
      description: 'How the call ended.',
      resolve: ({ status }) => status as Status,
    }),
    latencyMs: t.exposeInt('latencyMs', { description: 'How long the call took, in milliseconds.' }),
    timeToFirstTokenMs: t.exposeInt('timeToFirstTokenMs', {
      nullable: true,
      description: 'How long until the first text came, in milliseconds; null when none came.',
    }),
    inputTokens: t.exposeInt('inputTokens', { description: 'Tokens of the prompt, with its context.' }),
    outputTokens: t.exposeInt('outputTokens', { description: 'Tokens of the answer itself.' }),
    tokensEstimated: t.exposeBoolean('tokensEstimated', {
      description: 'Whether the tokens are an estimate, because the provider did not count them.',
    }),
    errorCode: t.field({
      type: ModelErrorCode,
      nullable: true,
      description: 'Why the call failed; null when it did not.',
      resolve: ({ errorCode }) => errorCode as ErrorCode | null,
    }),
    errorMessage: t.exposeString('errorMessage', {
      nullable: true,
      description: 'What the provider said, redacted, 500 characters at most; null when it said nothing.',
    }),
    inputPreview: t.exposeString('inputPreview', {
      nullable: true,
      description:
        'The beginning of the last message, redacted, 500 characters at most; null when not reported.',
    }),
    outputPreview: t.exposeString('outputPreview', {
      nullable: true,
      description: 'The beginning of the answer, redacted, 500 characters at most; null when there was none.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the call began.' }),
  }),
});
