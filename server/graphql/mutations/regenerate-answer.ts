import {
  BudgetExceededError,
  InvalidInputError,
  NotFoundError,
  RateLimitedError,
  UnavailableError,
} from '../../../core/domain/errors.ts';
import { builder } from '../builder.ts';
import { conversationIdFrom, messageIdFrom, toNodeId } from '../ids.ts';
import { availableModel } from './input.ts';
import { SEEN_DESCRIPTION, SeenInput, seenFrom } from './seen.ts';
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
    seen: t.field({ type: SeenInput, description: SEEN_DESCRIPTION }),
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
      "Answers a user's message again, with another model if one is named; without a message before it, the greeting is given again. The answer before stays as an alternative, with all that followed it: see `Message.branch`.",
      'Another answer that is being spoken is cut off. While the same answer is pending it returns that one, unless `seen` says that some of it was on the screen, or another model is named. A conversation that had ended becomes ACTIVE again.',
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
    resolve: async (_root, { input }, { branches, models, budget, viewer }) => {
      const conversationId = conversationIdFrom(input.conversationId);
      const model = input.model == null ? undefined : await availableModel(models, input.model);
      return branches.regenerate(conversationId, viewer, {
        messageId: input.messageId == null ? undefined : messageIdFrom(input.messageId),
        model,
        clientRequestId: input.clientRequestId?.toLowerCase(),
        seen: seenFrom(input.seen),
        admit: budget.admission(viewer),
      });
    },
  }),
);
