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
import { availableModel, instructions, personText, readingSpeed, validated } from './input.ts';
import { conversationSuccess } from './success.ts';

const UpdateConversationInput = builder.inputType('UpdateConversationInput', {
  description: 'The settings to change. What is left out stays as it is.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'The conversation to change.' }),
    title: t.string({
      description:
        'The new title, 1 to 200 characters after trimming; null takes it from the first message again.',
    }),
    model: t.id({ description: 'The id of the model that answers from the next turn on.' }),
    pacing: t.field({ type: Pacing, description: 'How fast answers are spoken from the next turn on.' }),
    readingWpm: t.int({
      description: 'Words a minute at READING pace from the next turn on, 150 to 900; null: unchanged.',
    }),
    instructions: t.string({
      description:
        'How the model shall answer from the next turn on, 1 to 8,000 characters after trimming; null: nothing is said about it any more.',
    }),
    idleTimeout: t.boolean({
      description:
        'Whether silence is answered with a nudge, then the end. False holds at once; true restarts the idle timer.',
    }),
  }),
});

const Changes = z.object({
  title: personText(200).nullish(),
  readingWpm: readingSpeed.nullish(),
  instructions: instructions.nullish(),
});

const UpdateConversationSuccess = conversationSuccess(
  'UpdateConversationSuccess',
  'The conversation was changed.',
);

builder.mutationField('updateConversation', (t) =>
  t.field({
    type: UpdateConversationSuccess,
    description:
      'Changes settings of a conversation. Fields that are left out or null stay as they are, but for two: a null `title` is taken from the first message again, null `instructions` are none. A new model, pacing or reading speed, and new instructions, take effect with the next turn.',
    authScopes: { scope: 'CONVERSATIONS_WRITE' },
    errors: { types: [InvalidInputError, NotFoundError, UnavailableError, RateLimitedError] },
    args: {
      input: t.arg({ type: UpdateConversationInput, required: true, description: 'The settings to change.' }),
    },
    resolve: async (_root, { input }, { conversations, models, viewer }) => {
      const conversationId = conversationIdFrom(input.conversationId);
      const { title, readingWpm, ...text } = validated(Changes, input);
      const model = input.model == null ? undefined : await availableModel(models, input.model);
      const changes = {
        ...{ title, model, ...text },
        pacing: input.pacing ?? undefined,
        readingWpm: readingWpm ?? undefined,
        idleTimeout: input.idleTimeout ?? undefined,
      };
      return { conversation: await conversations.update(conversationId, viewer, changes) };
    },
  }),
);
