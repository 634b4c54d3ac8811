import { InvalidInputError, NotFoundError, UnavailableError } from '../../../core/errors.ts';
import { builder } from '../builder.ts';
import { conversationIdFrom } from '../ids.ts';
import { unknownModel } from './create-conversation.ts';
import { conversationSuccess } from './success.ts';

const SelectModelInput = builder.inputType('SelectModelInput', {
  description: 'Which model is to answer.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'The conversation.' }),
    model: t.id({ required: true, description: 'The id of the model.' }),
  }),
});

const SelectModelSuccess = conversationSuccess(
  'SelectModelSuccess',
  'The model answers from the next turn on.',
);

builder.mutationField('selectModel', (t) =>
  t.field({
    type: SelectModelSuccess,
    description: 'Has another model answer, from the next turn on.',
    errors: { types: [NotFoundError, InvalidInputError, UnavailableError] },
    args: { input: t.arg({ type: SelectModelInput, required: true, description: 'Which one.' }) },
    resolve: async (_root, { input }, { turns, models, viewer }) => {
      const conversationId = conversationIdFrom(input.conversationId);
      if (!models.get(input.model)) throw unknownModel(input.model);
      return { conversation: await turns.selectModel(conversationId, viewer.id, input.model) };
    },
  }),
);
