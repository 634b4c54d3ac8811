import { INPUT_TEXTS } from '../../../core/conversation/texts.ts';
import { InvalidInputError, RateLimitedError, UnavailableError } from '../../../core/errors.ts';
import { builder } from '../builder.ts';
import { Pacing } from '../enums.ts';
import { conversationSuccess } from './success.ts';

const CreateConversationInput = builder.inputType('CreateConversationInput', {
  description: 'How the conversation is to be.',
  fields: (t) => ({
    model: t.id({ description: 'The id of the model that answers; the default model unless said.' }),
    pacing: t.field({ type: Pacing, defaultValue: 'HUMAN', description: 'How fast answers are spoken.' }),
    greet: t.boolean({ defaultValue: true, description: 'Whether the AI speaks first.' }),
  }),
});

const CreateConversationSuccess = conversationSuccess(
  'CreateConversationSuccess',
  'The conversation was created.',
);

builder.mutationField('createConversation', (t) =>
  t.field({
    type: CreateConversationSuccess,
    description: 'Creates a conversation; the AI greets first unless `greet` is false.',
    errors: { types: [InvalidInputError, RateLimitedError, UnavailableError] },
    args: {
      input: t.arg({ type: CreateConversationInput, required: true, description: 'How it is to be.' }),
    },
    resolve: async (_root, { input }, { turns, models, viewer }) => {
      const model = input.model ?? models.default.id;
      if (!models.get(model)) throw unknownModel(model);
      const conversation = await turns.create({
        owner: viewer.id,
        model,
        pacing: input.pacing ?? 'HUMAN',
        greet: input.greet ?? true,
      });
      return { conversation };
    },
  }),
);

export function unknownModel(id: string): InvalidInputError {
  const shown = id.length > 100 ? `${id.slice(0, 100)}…` : id;
  return new InvalidInputError([{ path: 'model', message: INPUT_TEXTS.unknownModel(shown) }]);
}
