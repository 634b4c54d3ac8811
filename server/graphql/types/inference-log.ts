import { builder } from '../builder.ts';
import { toNodeId } from '../ids.ts';
import { InferenceStatus, ModelErrorCode } from './enums.ts';

export const InferenceLog = builder.prismaNode('InferenceLog', {
  id: { field: 'id', description: 'Opaque, and unique among all types.' },
  description: 'The log entry of one call to a model.',
  fields: (t) => ({
    conversationId: t.id({
      nullable: true,
      description:
        'The conversation that the call was for; null when it was for none, or for one that was deleted.',
      resolve: ({ conversationId: id }) => id && toNodeId('Conversation', id),
    }),
    messageId: t.id({
      nullable: true,
      description:
        'The turn that the call was for, which is also the id of the answer if any of it was spoken; null when the call was for no turn, or its conversation was deleted.',
      resolve: ({ messageId: id }) => id && toNodeId('Message', id),
    }),
    modelId: t.exposeString('model', { description: 'The id of the model that was called.' }),
    provider: t.exposeString('provider', { description: 'The provider that was called.' }),
    status: t.field({
      type: InferenceStatus,
      description: 'How the call ended.',
      resolve: ({ status }) => status,
    }),
    latencyMs: t.exposeInt('latencyMs', { description: 'How long the call took, in milliseconds.' }),
    timeToFirstTokenMs: t.exposeInt('timeToFirstTokenMs', {
      nullable: true,
      description: 'The time until the first text of the answer, in milliseconds; null when there was none.',
    }),
    inputTokens: t.exposeInt('inputTokens', { description: 'Tokens of the prompt, with its context.' }),
    outputTokens: t.exposeInt('outputTokens', { description: 'Tokens of the answer itself.' }),
    tokensEstimated: t.exposeBoolean('tokensEstimated', {
      description: 'Whether the numbers of tokens are estimates, because the provider did not count them.',
    }),
    errorCode: t.field({
      type: ModelErrorCode,
      nullable: true,
      description: 'Why the call failed; null when it did not.',
      resolve: ({ errorCode }) => errorCode,
    }),
    errorMessage: t.exposeString('errorMessage', {
      nullable: true,
      description:
        "The provider's error message, redacted, at most 500 characters; null when there was none, or the conversation was deleted.",
    }),
    inputPreview: t.exposeString('inputPreview', {
      nullable: true,
      description:
        'The beginning of the last message of the request, redacted, at most 500 characters; null when it was not reported, or the conversation was deleted.',
    }),
    outputPreview: t.exposeString('outputPreview', {
      nullable: true,
      description:
        'The beginning of the answer, redacted, at most 500 characters; null when there was none, or the conversation was deleted.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the call began.' }),
  }),
});
