import {
  BudgetExceededError,
  InvalidInputError,
  RateLimitedError,
  UnavailableError,
} from '../../../core/domain/errors.ts';
import { builder } from '../builder.ts';
import { Pacing } from '../types/enums.ts';
import { availableModel } from './input.ts';
import { conversationSuccess } from './success.ts';

const CreateConversationInput = builder.inputType('CreateConversationInput', {
  description: 'Settings of the new conversation.',
  fields: (t) => ({
    model: t.id({ description: 'The id of the model that answers; the default model unless given.' }),
    pacing: t.field({
      type: Pacing,
      required: true,
      defaultValue: 'HUMAN',
      description: 'How fast answers are spoken.',
    }),
    greet: t.boolean({ required: true, defaultValue: true, description: 'Whether the AI speaks first.' }),
    clientConversationId: t.field({
      type: 'UUID',
      description:
        'Makes a retry safe: the same id of the same viewer returns the conversation that exists, as it is.',
    }),
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
    authScopes: { scope: 'CONVERSATIONS_WRITE' },
    errors: { types: [InvalidInputError, RateLimitedError, UnavailableError, BudgetExceededError] },
    args: {
      input: t.arg({
        type: CreateConversationInput,
        required: true,
        description: 'Settings of the new conversation.',
      }),
    },
    resolve: async (_root, { input }, { conversations, models, budget, viewer }) => {
      const model = input.model == null ? models.default.id : await availableModel(models, input.model);
      const conversation = await conversations.create({
        owner: viewer,
        model,
        pacing: input.pacing,
        greet: input.greet,
        clientConversationId: input.clientConversationId?.toLowerCase(),
        admit: budget.admission(viewer),
      });
      return { conversation };
    },
  }),
);
