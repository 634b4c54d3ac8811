import {
  InvalidInputError,
  NotFoundError,
  RateLimitedError,
  UnavailableError,
} from '../../../core/errors.ts';
import { builder } from '../builder.ts';
import { conversationIdFrom, toNodeId } from '../ids.ts';
import { conversationSuccess, type WithConversation } from './success.ts';

const RetryTurnInput = builder.inputType('RetryTurnInput', {
  description: 'Where the answer is to be tried again.',
  fields: (t) => ({ conversationId: t.id({ required: true, description: 'The conversation.' }) }),
});

const RetryTurnSuccess = conversationSuccess<WithConversation & { turnId: string }>(
  'RetryTurnSuccess',
  'The message will be answered.',
);
builder.objectField(RetryTurnSuccess, 'turnId', (t) =>
  t.id({
    description: 'The new answer; the one that is being given, where there is one.',
    resolve: ({ turnId }) => toNodeId('Message', turnId),
  }),
);

builder.mutationField('retryTurn', (t) =>
  t.field({
    type: RetryTurnSuccess,
    description: [
      'Has the AI answer the newest user message again (or greet again, before there is one) after its answer failed or was cut off.',
      'No message is added; what had been heard of the old answer stays. While an answer is being given it changes nothing, so it is safe to repeat.',
      'A conversation that had ended becomes ACTIVE again. What was answered to the end is an `InvalidInputError`.',
    ].join('\n'),
    errors: { types: [NotFoundError, InvalidInputError, RateLimitedError, UnavailableError] },
    args: { input: t.arg({ type: RetryTurnInput, required: true, description: 'Which one.' }) },
    resolve: (_root, { input }, { turns, viewer }) =>
      turns.retry(conversationIdFrom(input.conversationId), viewer.id),
  }),
);
