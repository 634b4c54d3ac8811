import { z } from 'zod';
import { InvalidInputError, NotFoundError, UnavailableError } from '../../../core/errors.ts';
import { builder } from '../builder.ts';
import { conversationIdFrom } from '../ids.ts';
import { personText, validated } from './input.ts';
import { conversationSuccess } from './success.ts';

const RenameConversationInput = builder.inputType('RenameConversationInput', {
  description: 'What a conversation is to be called.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'The conversation.' }),
    title: t.string({ required: true, description: 'Its new title: 1 to 200 characters after trimming.' }),
  }),
});

const Naming = z.object({ title: personText(200) });

const RenameConversationSuccess = conversationSuccess(
  'RenameConversationSuccess',
  'The conversation was renamed.',
);

builder.mutationField('renameConversation', (t) =>
  t.field({
    type: RenameConversationSuccess,
    description: 'Gives a conversation another title, which it keeps.',
    errors: { types: [NotFoundError, InvalidInputError, UnavailableError] },
    args: { input: t.arg({ type: RenameConversationInput, required: true, description: 'The new title.' }) },
    resolve: async (_root, { input }, { turns, viewer }) => {
      const conversationId = conversationIdFrom(input.conversationId);
      const { title } = validated(Naming, { title: input.title });
      return { conversation: await turns.rename(conversationId, viewer.id, title) };
    },
  }),
);
