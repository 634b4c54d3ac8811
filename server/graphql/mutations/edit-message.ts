import {
  BudgetExceededError,
  InvalidInputError,
  NotFoundError,
  RateLimitedError,
  UnavailableError,
} from '../../../core/domain/errors.ts';
import type { Message as MessageRow } from '../../../generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { messageIdFrom, toNodeId } from '../ids.ts';
import { Message } from '../types/message.ts';
import { MESSAGE_DESCRIPTIONS, messageFrom } from './input.ts';
import { ownMessage } from './own-message.ts';
import { SEEN_DESCRIPTION, SeenInput, seenFrom } from './seen.ts';
import { conversationSuccess, type WithConversation } from './success.ts';

const EditMessageInput = builder.inputType('EditMessageInput', {
  description: "A user's message in other words.",
  fields: (t) => ({
    messageId: t.id({ required: true, description: "The user's message to word differently." }),
    text: t.string({ required: true, description: MESSAGE_DESCRIPTIONS.text }),
    clientMessageId: t.field({ type: 'UUID', description: MESSAGE_DESCRIPTIONS.clientMessageId }),
    seen: t.field({ type: SeenInput, description: SEEN_DESCRIPTION }),
  }),
});

const EditMessageSuccess = conversationSuccess<WithConversation & { message: MessageRow; turnId: string }>(
  'EditMessageSuccess',
  'The message is stored as an alternative, and will be answered.',
);
builder.objectFields(EditMessageSuccess, (t) => ({
  sentMessage: t.field({
    type: Message,
    description: 'The alternative as it is stored, with an id of its own.',
    resolve: ({ message }) => message,
  }),
  turnId: t.id({
    description: 'The turn that answers it.',
    resolve: ({ turnId }) => toNodeId('Message', turnId),
  }),
}));

builder.mutationField('editMessage', (t) =>
  t.field({
    type: EditMessageSuccess,
    description: [
      "Words a user's message differently: adds an alternative of it, which is answered like any message and becomes the visible branch. The message as it was stays, with all that followed it: see `Message.branch`.",
      'An answer that is being spoken is cut off. A conversation that had ended becomes ACTIVE again.',
    ].join('\n'),
    authScopes: { scope: 'CONVERSATIONS_WRITE' },
    errors: {
      types: [InvalidInputError, NotFoundError, RateLimitedError, UnavailableError, BudgetExceededError],
    },
    args: {
      input: t.arg({
        type: EditMessageInput,
        required: true,
        description: 'The message, and its new words.',
      }),
    },
    resolve: async (_root, { input }, { branches, own, budget, viewer }) => {
      const message = messageFrom(input);
      const { id: messageId, conversationId } = await ownMessage(own, messageIdFrom(input.messageId));
      return branches.edit(conversationId, viewer, {
        ...{ messageId, ...message, seen: seenFrom(input.seen) },
        admit: budget.admission(viewer),
      });
    },
  }),
);
