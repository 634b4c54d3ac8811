import { NotFoundError, RateLimitedError, UnavailableError } from '../../../core/errors.ts';
import { builder } from '../builder.ts';
import { conversationIdFrom } from '../ids.ts';
import { conversationSuccess } from './success.ts';

const SetTypingInput = builder.inputType('SetTypingInput', {
  description: 'Whether the user types.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'Where they type.' }),
    typing: t.boolean({ required: true, description: 'Whether they type now.' }),
  }),
});

const SetTypingSuccess = conversationSuccess('SetTypingSuccess', 'Every listener is told.');

builder.mutationField('setTyping', (t) =>
  t.field({
    type: SetTypingSuccess,
    description:
      'The user started or stopped typing. Clients debounce it, and repeat it while the user goes on: it lapses by itself.',
    errors: { types: [NotFoundError, RateLimitedError, UnavailableError] },
    args: { input: t.arg({ type: SetTypingInput, required: true, description: 'Whether they type.' }) },
    resolve: async (_root, { input }, { turns, viewer }) => ({
      conversation: await turns.setTyping(conversationIdFrom(input.conversationId), viewer.id, input.typing),
    }),
  }),
);
