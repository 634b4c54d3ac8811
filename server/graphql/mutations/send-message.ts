import {
  BudgetExceededError,
  BusyError,
  InvalidInputError,
  NotFoundError,
  RateLimitedError,
  UnavailableError,
} from '../../../core/domain/errors.ts';
import type { Sent } from '../../../core/turns/turns.ts';
import { builder } from '../builder.ts';
import { conversationIdFrom, toNodeId } from '../ids.ts';
import { WhileSpeaking } from '../types/enums.ts';
import { Message } from '../types/message.ts';
import { QueuedMessage } from '../types/queued-message.ts';
import { MESSAGE_DESCRIPTIONS, messageFrom } from './input.ts';
import { SEEN_DESCRIPTION, SeenInput, seenFrom } from './seen.ts';
import { conversationSuccess } from './success.ts';

const SendMessageInput = builder.inputType('SendMessageInput', {
  description: 'A message of the user, and where it goes.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'The conversation that it is sent to.' }),
    text: t.string({ required: true, description: MESSAGE_DESCRIPTIONS.text }),
    clientMessageId: t.field({ type: 'UUID', description: MESSAGE_DESCRIPTIONS.clientMessageId }),
    whileSpeaking: t.field({
      type: WhileSpeaking,
      required: true,
      defaultValue: 'INTERRUPT',
      description: 'What it does to an answer being spoken.',
    }),
    seen: t.field({ type: SeenInput, description: SEEN_DESCRIPTION }),
  }),
});

const SendMessageSuccess = conversationSuccess<Sent>(
  'SendMessageSuccess',
  'The message is stored, and will be answered; or it waits; or it only acknowledges an answer. One of `sentMessage` and `queuedMessage` is set.',
);
builder.objectFields(SendMessageSuccess, (t) => ({
  sentMessage: t.field({
    type: Message,
    nullable: true,
    description: 'The message as it is stored; null while it waits.',
    resolve: ({ message }) => message,
  }),
  queuedMessage: t.field({
    type: QueuedMessage,
    nullable: true,
    description: 'The message as it waits for the answer before it to end; null when it does not.',
    resolve: ({ queued }) => queued,
  }),
  turnId: t.id({
    nullable: true,
    description:
      'The turn that answers it; null while it waits, and for an acknowledgement. A turn that a newer message supersedes before it begins has no events: it is over once a TurnStarted has a greater id.',
    resolve: ({ turnId }) => turnId && toNodeId('Message', turnId),
  }),
}));

builder.mutationField('sendMessage', (t) =>
  t.field({
    type: SendMessageSuccess,
    description: [
      "Stores the user's message durably, then has it answered. `whileSpeaking` says what that does to an answer being spoken;",
      'unless given, the AI is interrupted: what it had said is kept, and the model learns where it was cut off. A conversation that',
      'had ended becomes ACTIVE again.',
    ].join('\n'),
    authScopes: { scope: 'CONVERSATIONS_WRITE' },
    errors: {
      types: [
        ...[NotFoundError, InvalidInputError, BusyError],
        ...[RateLimitedError, UnavailableError, BudgetExceededError],
      ],
    },
    args: { input: t.arg({ type: SendMessageInput, required: true, description: 'The message to send.' }) },
    resolve: async (_root, { input }, { turns, budget, viewer }) => {
      const conversationId = conversationIdFrom(input.conversationId);
      const message = { conversationId, owner: viewer, ...messageFrom(input), seen: seenFrom(input.seen) };
      return turns.sendWhileSpeaking({ ...message, admit: budget.admission(viewer) }, input.whileSpeaking);
    },
  }),
);
