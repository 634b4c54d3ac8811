import { NotFoundError, RateLimitedError, UnavailableError } from '../../../core/domain/errors.ts';
import { builder } from '../builder.ts';
import { conversationIdFrom, fromNodeId } from '../ids.ts';
import { conversationSuccess } from './success.ts';

const FastForwardTurnInput = builder.inputType('FastForwardTurnInput', {
  description: 'Which answer to show at once.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'The conversation in which the AI speaks.' }),
    turnId: t.id({ required: true, description: 'The turn that is being spoken.' }),
  }),
});

const FastForwardTurnSuccess = conversationSuccess(
  'FastForwardTurnSuccess',
  'The rest of the answer follows at once, or there was none.',
);

builder.mutationField('fastForwardTurn', (t) =>
  t.field({
    type: FastForwardTurnSuccess,
    description:
      'Shows the rest of the answer being spoken at once, and what still comes as it comes, at any pace. A no-op when that turn is over or is not one of the conversation.',
    authScopes: { scope: 'CONVERSATIONS_WRITE' },
    errors: { types: [NotFoundError, UnavailableError, RateLimitedError] },
    args: {
      input: t.arg({
        type: FastForwardTurnInput,
        required: true,
        description: 'Which answer to show at once.',
      }),
    },
    resolve: (_root, { input }, { turns, viewer }) => {
      const conversationId = conversationIdFrom(input.conversationId);
      const turn = fromNodeId(input.turnId);
      return turns.fastForward(conversationId, viewer, turn?.type === 'Message' ? turn.id : null);
    },
  }),
);
