import {
  BudgetExceededError,
  InvalidInputError,
  NotFoundError,
  RateLimitedError,
  UnavailableError,
} from '../../../core/domain/errors.ts';
import { PROBLEM_TEXTS } from '../../../core/domain/texts.ts';
import { builder } from '../builder.ts';
import { conversationIdFrom, fromNodeId, toNodeId } from '../ids.ts';
import { availableModel } from './input.ts';
import { conversationSuccess, type WithConversation } from './success.ts';

const RegenerateAnswerInput = builder.inputType('RegenerateAnswerInput', {
  description: 'Which answer to give again.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'The conversation of the message.' }),
    messageId: t.id({
      description: "The user's message to answer, or its answer; the newest unless given.",
    }),
    model: t.id({
      description: "The model for this answer only; the conversation's model unless given.",
    }),
    clientRequestId: t.field({
      type: 'UUID',
      description: 'Makes a retry safe: the same id returns the turn that the first call began.',
    }),
  }),
});

const RegenerateAnswerSuccess = conversationSuccess<WithConversation & { turnId: string }>(
  'RegenerateAnswerSuccess',
  'The message will be answered again.',
);
builder.objectField(RegenerateAnswerSuccess, 'turnId', (t) =>
  t.id({
    description: 'The turn of the new answer; if one was pending or being spoken already, that turn.',
    resolve: ({ turnId }) => toNodeId('Message', turnId),
  }),
);

builder.mutationField('regenerateAnswer', (t) =>
  t.field({
    type: RegenerateAnswerSuccess,
    description: [
      "Answers the user's newest message again, with another model if one is named. A message that has a whole answer (one that did not fail and was not cut off) is an InvalidInputError. Before the first message, a greeting that failed or was cut off is given again.",
      'No message is added; what had been spoken of the old answer stays. While an answer is pending, it returns that one. A conversation that had ended becomes ACTIVE again.',
    ].join('\n'),
    authScopes: { scope: 'CONVERSATIONS_WRITE' },
    errors: {
      types: [InvalidInputError, NotFoundError, RateLimitedError, UnavailableError, BudgetExceededError],
    },
    args: {
      input: t.arg({
        type: RegenerateAnswerInput,
        required: true,
        description: 'Which answer to give again.',
      }),
    },
    resolve: async (_root, { input }, { turns, models, budget, viewer }) => {
      const conversationId = conversationIdFrom(input.conversationId);
      const model = input.model == null ? undefined : await availableModel(models, input.model);
      return turns.regenerate(conversationId, viewer, {
        messageId: input.messageId == null ? undefined : messageIdFrom(input.messageId),
        model,
        clientRequestId: input.clientRequestId?.toLowerCase(),
        admit: budget.admission(viewer),
      });
    },
  }),
);

/** @throws {NotFoundError} when it is not the id of a message */
function messageIdFrom(nodeId: string): string {
  const node = fromNodeId(nodeId);
  if (node?.type !== 'Message') throw new NotFoundError(PROBLEM_TEXTS.noMessage);
  return node.id;
}
