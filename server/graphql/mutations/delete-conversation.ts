import { NotFoundError, RateLimitedError, UnavailableError } from '../../../core/domain/errors.ts';
import { builder } from '../builder.ts';
import { conversationIdFrom } from '../ids.ts';

const DeleteConversationInput = builder.inputType('DeleteConversationInput', {
  description: 'Which conversation to delete.',
  fields: (t) => ({ conversationId: t.id({ required: true, description: 'The conversation to delete.' }) }),
});

const DeleteConversationSuccess = builder
  .objectRef<{ deletedId: string }>('DeleteConversationSuccess')
  .implement({
    description: 'The conversation and its messages were deleted.',
    fields: (t) => ({
      deletedId: t.exposeID('deletedId', { description: 'The id of the deleted conversation.' }),
    }),
  });

builder.mutationField('deleteConversation', (t) =>
  t.field({
    type: DeleteConversationSuccess,
    description:
      'Deletes a conversation with its messages. Its inference logs are kept, without its ids and texts.',
    authScopes: { scope: 'CONVERSATIONS_WRITE' },
    errors: { types: [NotFoundError, UnavailableError, RateLimitedError] },
    args: {
      input: t.arg({
        type: DeleteConversationInput,
        required: true,
        description: 'Which conversation to delete.',
      }),
    },
    resolve: async (_root, { input }, { conversations, viewer }) => {
      await conversations.delete(conversationIdFrom(input.conversationId), viewer);
      return { deletedId: input.conversationId };
    },
  }),
);
