import type { QueuedMessage as QueuedMessageRow } from '../../../core/domain/queued-message.ts';
import { builder } from '../builder.ts';
import { toNodeId } from '../ids.ts';

export const QueuedMessage = builder.objectRef<QueuedMessageRow>('QueuedMessage').implement({
  description:
    'A message that waits for the answer before it to end. The message that it becomes has another id and the same `clientMessageId`.',
  fields: (t) => ({
    id: t.id({
      description: 'Opaque; names it in sendQueuedMessageNow and withdrawQueuedMessage.',
      resolve: ({ id }) => toNodeId('QueuedMessage', id),
    }),
    text: t.exposeString('text', { description: "The user's text as it was sent." }),
    clientMessageId: t.expose('clientMessageId', {
      type: 'UUID',
      nullable: true,
      description: "The sender's own id for it; null when the sender gave none.",
    }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When it was accepted.',
      resolve: ({ createdAt }) => new Date(createdAt),
    }),
  }),
});
