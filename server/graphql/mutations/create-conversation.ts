import { z } from 'zod';
import {
  BudgetExceededError,
  InvalidInputError,
  RateLimitedError,
  UnavailableError,
} from '../../../core/domain/errors.ts';
import { builder } from '../builder.ts';
import { Pacing } from '../types/enums.ts';
import { availableModel, instructions, readingSpeed, validated } from './input.ts';
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
    readingWpm: t.int({
      description: "Words a minute at READING pace, 150 to 900; the installation's unless given.",
    }),
    idleTimeout: t.boolean({
      required: true,
      defaultValue: true,
      description: 'Whether silence is answered with a nudge, then the end.',
    }),
    instructions: t.string({
      description:
        'How the model shall answer, 1 to 8,000 characters after trimming; it is given them with each message. Nothing unless given.',
    }),
    clientConversationId: t.field({
      type: 'UUID',
      description:
        'Makes a retry safe: the same id of the same viewer returns the conversation that exists, as it is.',
    }),
  }),
});

const Given = z.object({ readingWpm: readingSpeed.nullish(), instructions: instructions.nullish() });

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
      const given = validated(Given, input);
      const model = input.model == null ? models.default.id : await availableModel(models, input.model);
      const conversation = await conversations.create({
        owner: viewer,
        model,
        pacing: input.pacing,
        readingWpm: given.readingWpm ?? null,
        instructions: given.instructions ?? null,
        greet: input.greet,
        idleTimeout: input.idleTimeout,
        clientConversationId: input.clientConversationId?.toLowerCase(),
        admit: budget.admission(viewer),
      });
      return { conversation };
    },
  }),
);
