import { NotFoundError, RateLimitedError, UnavailableError } from '../../../core/domain/errors.ts';
import type { QueuedMessage as QueuedMessageRow } from '../../../core/domain/queued-message.ts';
import { builder } from '../builder.ts';
import { conversationIdFrom, queuedMessageIdFrom } from '../ids.ts';
import { QueuedMessage } from '../types/queued-message.ts';
import { conversationSuccess, type WithConversation } from './success.ts';

const WithdrawQueuedMessageInput = builder.inputType('WithdrawQueuedMessageInput', {
  description: 'Which waiting message to take back.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'The conversation in which it waits.' }),
    queuedMessageId: t.id({ required: true, description: 'The message that waits.' }),
  }),
});

const WithdrawQueuedMessageSuccess = conversationSuccess<WithConversation & { queued: QueuedMessageRow }>(
  'WithdrawQueuedMessageSuccess',
  'The message does not wait any more and will not be sent.',
);
builder.objectField(WithdrawQueuedMessageSuccess, 'withdrawn', (t) =>
  t.field({
    type: QueuedMessage,
    description: 'The message as it waited.',
    resolve: ({ queued }) => queued,
  }),
);

builder.mutationField('withdrawQueuedMessage', (t) =>
  t.field({
    type: WithdrawQueuedMessageSuccess,
    description: 'Takes a waiting message back. A NotFoundError when it has become a message.',
    authScopes: { scope: 'CONVERSATIONS_WRITE' },
    errors: { types: [NotFoundError, UnavailableError, RateLimitedError] },
    args: {
      input: t.arg({
        type: WithdrawQueuedMessageInput,
        required: true,
        description: 'Which waiting message to take back.',
      }),
    },
    resolve: (_root, { input }, { turns, viewer }) =>
      turns.withdrawQueued(
        conversationIdFrom(input.conversationId),
        viewer,
        queuedMessageIdFrom(input.queuedMessageId),
      ),
  }),
);
