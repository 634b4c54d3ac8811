import { z } from 'zod';
import {
  BudgetExceededError,
  InvalidInputError,
  NotFoundError,
  RateLimitedError,
  UnavailableError,
} from '../../../core/domain/errors.ts';
import type { Message as MessageRow } from '../../../generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { conversationIdFrom, toNodeId } from '../ids.ts';
import { Message } from '../types/message.ts';
import { messageText, validated } from './input.ts';
import { conversationSuccess, type WithConversation } from './success.ts';

const SendMessageInput = builder.inputType('SendMessageInput', {
  description: 'A message of the user, and where it goes.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'The conversation that it is sent to.' }),
    text: t.string({
      required: true,
      description: '1 to 32,000 characters (Unicode code points); not only white space. Stored trimmed.',
    }),
    clientMessageId: t.field({
      type: 'UUID',
      description:
        'Makes a retry safe: the same id and text return the message already stored and start nothing; another text is an InvalidInputError.',
    }),
  }),
});

const Content = z.object({ text: messageText });

const SendMessageSuccess = conversationSuccess<WithConversation & { message: MessageRow; turnId: string }>(
  'SendMessageSuccess',
  'The message is stored, and will be answered.',
);
builder.objectFields(SendMessageSuccess, (t) => ({
  sentMessage: t.field({
    type: Message,
    nullable: true,
    description: 'The message as it is stored.',
    resolve: ({ message }) => message,
  }),
  turnId: t.id({
    nullable: true,
    description:
      'The turn that answers it. A turn that a newer message supersedes before it begins has no events: it is over once a TurnStarted has a greater id.',
    resolve: ({ turnId }) => toNodeId('Message', turnId),
  }),
}));

builder.mutationField('sendMessage', (t) =>
  t.field({
    type: SendMessageSuccess,
    description: [
      "Stores the user's message durably, then has it answered. If the AI is speaking, it is interrupted:",
      'what it had said is kept, and the model learns where it was cut off. A conversation that had ended becomes ACTIVE again.',
    ].join('\n'),
    authScopes: { scope: 'CONVERSATIONS_WRITE' },
    errors: {
      types: [NotFoundError, InvalidInputError, RateLimitedError, UnavailableError, BudgetExceededError],
    },
    args: { input: t.arg({ type: SendMessageInput, required: true, description: 'The message to send.' }) },
    resolve: async (_root, { input }, { turns, budget, viewer }) => {
      const conversationId = conversationIdFrom(input.conversationId);
      const { text } = validated(Content, { text: input.text });
      const clientMessageId = input.clientMessageId?.toLowerCase();
      return turns.send({
        ...{ conversationId, owner: viewer, text, clientMessageId },
        admit: budget.admission(viewer),
      });
    },
  }),
);
