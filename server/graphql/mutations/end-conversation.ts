import {
  InvalidInputError,
  NotFoundError,
  RateLimitedError,
  UnavailableError,
} from '../../../core/domain/errors.ts';
import { builder } from '../builder.ts';
import { conversationIdFrom } from '../ids.ts';
import { SEEN_DESCRIPTION, SeenInput, seenFrom } from './seen.ts';
import { conversationSuccess } from './success.ts';

const EndConversationInput = builder.inputType('EndConversationInput', {
  description: 'Which conversation to end.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'The conversation to end.' }),
    seen: t.field({ type: SeenInput, description: SEEN_DESCRIPTION }),
  }),
});

const EndConversationSuccess = conversationSuccess('EndConversationSuccess', 'The conversation has ended.');

builder.mutationField('endConversation', (t) =>
  t.field({
    type: EndConversationSuccess,
    description:
      'Ends a conversation as CANCELLED and interrupts its answer, if any. A conversation that had ended stays as it is.',
    authScopes: { scope: 'CONVERSATIONS_WRITE' },
    errors: { types: [InvalidInputError, NotFoundError, UnavailableError, RateLimitedError] },
    args: {
      input: t.arg({ type: EndConversationInput, required: true, description: 'Which conversation to end.' }),
    },
    resolve: async (_root, { input }, { conversations, viewer }) => ({
      conversation: await conversations.end(
        conversationIdFrom(input.conversationId),
        viewer,
        seenFrom(input.seen),
      ),
    }),
  }),
);
