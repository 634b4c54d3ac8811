import { z } from 'zod';
import {
  InvalidInputError,
  NotFoundError,
  RateLimitedError,
  UnavailableError,
} from '../../../core/domain/errors.ts';
import { builder } from '../builder.ts';
import { conversationIdFrom } from '../ids.ts';
import { Pacing } from '../types/enums.ts';
import { availableModel, personText, validated } from './input.ts';
import { conversationSuccess } from './success.ts';

const UpdateConversationInput = builder.inputType('UpdateConversationInput', {
  description: 'What to change of a conversation. What is left out stays as it is.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'The conversation to change.' }),
    title: t.string({
      description:
        'Its new title, 1 to 200 characters after trimming; null: the first message gives it again.',
    }),
    model: t.id({ description: 'The id of the model that answers from the next turn on.' }),
    pacing: t.field({ type: Pacing, description: 'How fast answers are spoken from the next turn on.' }),
  }),
});

const Title = z.object({ title: personText(200).nullish() });

const UpdateConversationSuccess = conversationSuccess(
  'UpdateConversationSuccess',
  'The conversation was changed.',
);

builder.mutationField('updateConversation', (t) =>
  t.field({
    type: UpdateConversationSuccess,
    description:
      'Changes settings of a conversation. What is left out stays as it is, and so does what is null, but for one: a null `title` is given by the first message again. A model or pace holds from the next turn.',
    errors: { types: [InvalidInputError, NotFoundError, UnavailableError, RateLimitedError] },
    args: {
      input: t.arg({ type: UpdateConversationInput, required: true, description: 'What to change of it.' }),
    },
    resolve: async (_root, { input }, { conversations, models, viewer }) => {
      const conversationId = conversationIdFrom(input.conversationId);
      const { title } = validated(Title, { title: input.title });
      const model = input.model == null ? undefined : await availableModel(models, input.model);
      const changes = { title, model, pacing: input.pacing ?? undefined };
      return { conversation: await conversations.update(conversationId, viewer.id, changes) };
    },
  }),
);
