import type { FeedMessage } from '../../../core/live/feed/events.ts';
import { PLAIN_MESSAGE } from '../../../core/turns/answer.ts';
import type { Message as MessageRow } from '../../../generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { CONTENT_COMPLEXITY } from '../limits.ts';
import { InterruptionReason, MessageRole, MessageStatus } from './enums.ts';
import { MessageBranch } from './message-branch.ts';
import { Model, shownModel } from './model.ts';
import { TokenUsage } from './token-usage.ts';
import { failureOf, TurnFailure } from './turn-failure.ts';
import { TurnPosition } from './turn-position.ts';

const ALONE = { index: 0, count: 1, previousId: null, nextId: null };

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
    acknowledges: t.field({
      type: TurnPosition,
      nullable: true,
      description:
        'Set on a message that only acknowledges an answer: the turn that it did not cut off, and how much of that had been spoken. It has no answer. Null on all others.',
      resolve: ({ acknowledgedTurnId: turnId, acknowledgedOffset: offset }) =>
        turnId === null || offset === null ? null : { turnId, offset },
    }),
    isTruncated: t.exposeBoolean('isTruncated', {
      description:
        "Whether the model stopped in mid-answer at its limit of tokens; false for a user's message, and for an answer that was cut off.",
    }),
    usage: t.field({
      type: TokenUsage,
      nullable: true,
      description:
        "The tokens that the answer took; null for a user's message, for an answer that was cut off, and where the provider does not count them.",
      resolve: ({ inputTokens, outputTokens }) =>
        inputTokens === null || outputTokens === null
          ? null
          : { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens },
    }),
    durationMs: t.exposeInt('durationMs', {
      nullable: true,
      description:
        "From when the answer was asked for to its end, in milliseconds; null for a user's message, and for an answer of an earlier release.",
    }),
    branch: t.field({
      type: MessageBranch,
      description: 'Its place among its alternatives.',
      // A message that has just been deleted has none.
      resolve: ({ id }, _args, { branchOf }) => branchOf.load(id).then((branch) => branch ?? ALONE),
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
export function messageRow({ createdAt, acknowledges, ...columns }: FeedMessage): MessageRow {
  return {
    ...PLAIN_MESSAGE,
    ...{ conversationId: '', ...columns, createdAt: new Date(createdAt) },
    acknowledgedTurnId: acknowledges?.turnId ?? null,
    acknowledgedOffset: acknowledges?.offset ?? null,
  };
}
