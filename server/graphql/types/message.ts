import type { FeedMessage } from '../../../core/live/feed/events.ts';
import { PLAIN_MESSAGE } from '../../../core/turns/answer.ts';
import type { Message as MessageRow } from '../../../generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { CONTENT_COMPLEXITY } from '../limits.ts';
import { InterruptionReason, MessageRole, MessageStatus } from './enums.ts';
import { Model, shownModel } from './model.ts';
import { failureOf, TurnFailure } from './turn-failure.ts';

export const Message = builder.prismaNode('Message', {
  id: {
    field: 'id',
    description:
      'Opaque, and unique among all types. An answer has the id of its turn. Compared as strings, ids of messages and turns are in the order of the conversation.',
  },
  description: 'A message of a conversation: what the user wrote, or what the AI spoke.',
  fields: (t) => ({
    role: t.field({
      type: MessageRole,
      description: 'Who wrote or spoke it.',
      resolve: ({ role }) => role,
    }),
    content: t.exposeString('content', {
      complexity: CONTENT_COMPLEXITY,
      description: "The user's text as it was sent; the AI's in Markdown.",
    }),
    status: t.field({
      type: MessageStatus,
      description: 'Whether it is whole, or was cut off.',
      resolve: ({ status }) => status,
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When it was accepted; for an answer, when its turn was accepted.',
    }),
    clientMessageId: t.expose('clientMessageId', {
      type: 'UUID',
      nullable: true,
      description: "The sender's own id for it; null for answers, and when the sender gave none.",
    }),
    answeredBy: t.field({
      type: Model,
      nullable: true,
      description: "The model that answered; null for a user's message.",
      resolve: ({ model }, _args, { models }) => (model === null ? null : shownModel(models, model)),
    }),
    interruptionReason: t.field({
      type: InterruptionReason,
      nullable: true,
      description: 'Why it was cut off; null unless it is INTERRUPTED, and when the reason was not recorded.',
      resolve: ({ interruptionReason }) => interruptionReason,
    }),
    isTruncated: t.exposeBoolean('isTruncated', {
      description:
        "Whether the model stopped in mid-answer at its limit of tokens; false for a user's message, and for an answer that was cut off.",
    }),
    failure: t.field({
      type: TurnFailure,
      nullable: true,
      description: "For a user's message, why the newest answer to it failed; null when it did not.",
      resolve: failureOf,
    }),
  }),
});

/** The row as which a message of the feed is or will be stored, with the columns that the API shows. */
export function messageRow({ createdAt, ...columns }: FeedMessage): MessageRow {
  return { ...PLAIN_MESSAGE, conversationId: '', ...columns, createdAt: new Date(createdAt) };
}
