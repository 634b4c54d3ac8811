import {
  InvalidInputError,
  NotFoundError,
  RateLimitedError,
  UnavailableError,
} from '../../../core/domain/errors.ts';
import type { Message as MessageRow } from '../../../generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { conversationIdFrom, queuedMessageIdFrom, toNodeId } from '../ids.ts';
import { Message } from '../types/message.ts';
import { SEEN_DESCRIPTION, SeenInput, seenFrom } from './seen.ts';
import { conversationSuccess, type WithConversation } from './success.ts';

const SendQueuedMessageNowInput = builder.inputType('SendQueuedMessageNowInput', {
  description: 'Which waiting message to send now.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'The conversation in which it waits.' }),
    queuedMessageId: t.id({ required: true, description: 'The message that waits.' }),
    seen: t.field({ type: SeenInput, description: SEEN_DESCRIPTION }),
  }),
});

const SendQueuedMessageNowSuccess = conversationSuccess<
  WithConversation & { message: MessageRow; turnId: string }
>('SendQueuedMessageNowSuccess', 'The message is stored, and will be answered next.');
builder.objectFields(SendQueuedMessageNowSuccess, (t) => ({
  sentMessage: t.field({
    type: Message,
    description: 'The message that it has become.',
    resolve: ({ message }) => message,
  }),
  turnId: t.id({
    description: 'The turn that answers it.',
    resolve: ({ turnId }) => toNodeId('Message', turnId),
  }),
}));

builder.mutationField('sendQueuedMessageNow', (t) =>
  t.field({
    type: SendQueuedMessageNowSuccess,
    description:
      'Makes a waiting message the next one, and interrupts the answer being spoken. What else waits goes on waiting.',
    authScopes: { scope: 'CONVERSATIONS_WRITE' },
    errors: { types: [NotFoundError, InvalidInputError, RateLimitedError, UnavailableError] },
    args: {
      input: t.arg({
        type: SendQueuedMessageNowInput,
        required: true,
        description: 'Which waiting message to send now.',
      }),
    },
    resolve: (_root, { input }, { turns, viewer }) =>
      turns.sendQueuedNow(conversationIdFrom(input.conversationId), viewer, {
        queuedMessageId: queuedMessageIdFrom(input.queuedMessageId),
        seen: seenFrom(input.seen),
      }),
  }),
);
