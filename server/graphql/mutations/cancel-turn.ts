import {
  InvalidInputError,
  NotFoundError,
  RateLimitedError,
  UnavailableError,
} from '../../../core/domain/errors.ts';
import type { Message as MessageRow } from '../../../generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { conversationIdFrom, turnIdFrom } from '../ids.ts';
import { Message } from '../types/message.ts';
import { SEEN_DESCRIPTION, SeenInput, seenFrom } from './seen.ts';
import { conversationSuccess, type WithConversation } from './success.ts';

const CancelTurnInput = builder.inputType('CancelTurnInput', {
  description: 'Which answer to stop.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'The conversation in which the AI speaks.' }),
    turnId: t.id({
      description: 'The turn to stop; unless given, the turn that is pending or being spoken.',
    }),
    seen: t.field({ type: SeenInput, description: SEEN_DESCRIPTION }),
  }),
});

const CancelTurnSuccess = conversationSuccess<WithConversation & { interrupted: MessageRow | null }>(
  'CancelTurnSuccess',
  'The answer is stopped, or there was none to stop.',
);
builder.objectField(CancelTurnSuccess, 'interrupted', (t) =>
  t.field({
    type: Message,
    nullable: true,
    description:
      'The partial answer as stored; null when nothing had been spoken (or seen), and when it is not known yet: TurnInterrupted follows.',
    resolve: ({ interrupted }) => interrupted,
  }),
);

builder.mutationField('cancelTurn', (t) =>
  t.field({
    type: CancelTurnSuccess,
    description:
      'Stops the answer being spoken; a no-op (`interrupted` is null) when there is none, or when `turnId` is given and that turn is over.',
    authScopes: { scope: 'CONVERSATIONS_WRITE' },
    errors: { types: [InvalidInputError, NotFoundError, UnavailableError, RateLimitedError] },
    args: { input: t.arg({ type: CancelTurnInput, required: true, description: 'Which answer to stop.' }) },
    resolve: (_root, { input }, { turns, viewer }) =>
      turns.cancel(conversationIdFrom(input.conversationId), viewer, {
        turnId: input.turnId == null ? undefined : turnIdFrom(input.turnId, 'turnId'),
        seen: seenFrom(input.seen),
      }),
  }),
);
