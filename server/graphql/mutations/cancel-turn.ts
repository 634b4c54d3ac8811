import { NotFoundError, UnavailableError } from '../../../core/errors.ts';
import type { Message as MessageRow } from '../../../generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { conversationIdFrom } from '../ids.ts';
import { Message } from '../message.ts';
import { conversationSuccess, type WithConversation } from './success.ts';

const CancelTurnInput = builder.inputType('CancelTurnInput', {
  description: 'Which conversation is to be silent.',
  fields: (t) => ({ conversationId: t.id({ required: true, description: 'The conversation.' }) }),
});

const CancelTurnSuccess = conversationSuccess<WithConversation & { interrupted: MessageRow | null }>(
  'CancelTurnSuccess',
  'Nothing is being spoken any more.',
);
builder.objectField(CancelTurnSuccess, 'interrupted', (t) =>
  t.field({
    type: Message,
    nullable: true,
    description: 'The partial answer as stored; null when nothing was being spoken.',
    resolve: ({ interrupted }) => interrupted,
  }),
);

builder.mutationField('cancelTurn', (t) =>
  t.field({
    type: CancelTurnSuccess,
    description: 'Stops the answer being spoken; a no-op (`interrupted` is null) when there is none.',
    errors: { types: [NotFoundError, UnavailableError] },
    args: { input: t.arg({ type: CancelTurnInput, required: true, description: 'Which one.' }) },
    resolve: (_root, { input }, { turns, viewer }) =>
      turns.cancel(conversationIdFrom(input.conversationId), viewer.id),
  }),
);
