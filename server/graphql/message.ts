import type { MessageRole as Role, MessageStatus as Status } from '../../core/conversation/vocabulary.ts';
import type { FeedMessage } from '../../core/feed/events.ts';
import type { Message as MessageRow } from '../../generated/prisma/client.ts';
import { builder } from './builder.ts';
import { MessageRole, MessageStatus } from './enums.ts';
import { Model, shownModel } from './model.ts';

export const Message = builder.prismaNode('Message', {
  id: { field: 'id', description: 'Opaque and unique among all types. An answer has the id of its turn.' },
  description: 'Something that was said.',
  fields: (t) => ({
    role: t.field({ type: MessageRole, description: 'Who said it.', resolve: ({ role }) => role as Role }),
    content: t.exposeString('content', {
      description: "The user's text as it was sent; the AI's in Markdown.",
    }),
    status: t.field({
      type: MessageStatus,
      description: 'Whether it was said to its end.',
      resolve: ({ status }) => status as Status,
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When it was sent, or began to be spoken.',
    }),
    model: t.field({
      type: Model,
      nullable: true,
      description: "The model that spoke it; null for a user's.",
      resolve: ({ model }, _args, { models }) => (model === null ? null : shownModel(models, model)),
    }),
  }),
});

/** A message of the feed as the row that it is, or will be, stored as, in the columns that the API shows. */
export function messageRow({ createdAt, ...columns }: FeedMessage): MessageRow {
  return { ...columns, createdAt: new Date(createdAt), ...NOT_SHOWN };
}

const NOT_SHOWN = { conversationId: '', clientMessageId: null, turnId: null };
