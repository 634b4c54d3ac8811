import { NotFoundError, RateLimitedError, UnavailableError } from '../../../core/domain/errors.ts';
import { builder } from '../builder.ts';
import { conversationIdFrom, toNodeId } from '../ids.ts';
import { UserActivity } from '../types/enums.ts';

const ReportActivityInput = builder.inputType('ReportActivityInput', {
  description: 'What the user is doing, and where.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'The conversation that is open.' }),
    activity: t.field({ type: UserActivity, required: true, description: 'What the user is doing now.' }),
  }),
});

const ReportActivitySuccess = builder
  .objectRef<{ conversationId: string }>('ReportActivitySuccess')
  .implement({
    description: 'The report was accepted.',
    fields: (t) => ({
      conversationId: t.id({
        description: 'The conversation of the report.',
        resolve: ({ conversationId }) => toNodeId('Conversation', conversationId),
      }),
    }),
  });

builder.mutationField('reportActivity', (t) =>
  t.field({
    type: ReportActivitySuccess,
    description:
      'Reports what the user is doing. TYPING is shown to other listeners, keeps the idle timer from running and lapses after 10 s: report it every few seconds while the user types. READING only restarts the idle timer: report it at most every 10 s while the user reads.',
    authScopes: { scope: 'CONVERSATIONS_WRITE' },
    errors: { types: [NotFoundError, RateLimitedError, UnavailableError] },
    args: {
      input: t.arg({ type: ReportActivityInput, required: true, description: 'What the user is doing.' }),
    },
    resolve: async (_root, { input }, { conversations, viewer }) => {
      const conversationId = conversationIdFrom(input.conversationId);
      if (input.activity === 'READING') await conversations.reportReading(conversationId, viewer);
      else await conversations.reportTyping(conversationId, viewer, input.activity === 'TYPING');
      return { conversationId };
    },
  }),
);
