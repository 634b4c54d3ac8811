import type { GraphQLResolveInfo } from 'graphql';
import { isUuid } from '../../../core/domain/ids.ts';
import { encodeCursor } from '../../../core/live/feed/cursor.ts';
import type { ActivityKey } from '../../../core/store/own-rows.ts';
import { MAX_QUEUED } from '../../../core/turns/queue.ts';
import type {
  Conversation as ConversationRow,
  Message as MessageRow,
} from '../../../generated/prisma/client.ts';
import { badInput } from '../bad-input.ts';
import { builder } from '../builder.ts';
import { fromNodeId } from '../ids.ts';
import { liveStateOf } from '../live-state.ts';
import { DEFAULT_PAGE_SIZE, type Keyset, type PageQuery, readPage, readPageAround } from '../page.ts';
import { selects } from '../selection.ts';
import { ConversationStatus, Pacing } from './enums.ts';
import { Message } from './message.ts';
import { Model, shownModel } from './model.ts';
import { QueuedMessage } from './queued-message.ts';
import { activeTurnOf, Turn } from './turn.ts';
import { failureOf, TurnFailure } from './turn-failure.ts';

export const Conversation = builder.prismaNode('Conversation', {
  id: { field: 'id', description: 'Opaque, and unique among all types.' },
  description: 'A conversation of a user with the AI.',
  fields: (t) => ({
    title: t.exposeString('title', {
      nullable: true,
      description:
        'The title, from the first user message (at most 80 characters) or a rename; null before either.',
    }),
    status: t.field({
      type: ConversationStatus,
      description: 'Whether it is active, or how it ended.',
      resolve: ({ status }) => status,
    }),
    model: t.field({
      type: Model,
      description: 'The model that answers from the next turn on.',
      resolve: ({ model }, _args, { models }) => shownModel(models, model),
    }),
    provider: t.exposeString('provider', {
      description: 'The provider of its models: `openrouter`, `openai`, `custom` or `demo`.',
    }),
    pacing: t.field({
      type: Pacing,
      description: 'How fast its answers are spoken.',
      resolve: ({ pacing }) => pacing,
    }),
    readingWpm: t.exposeInt('readingWpm', {
      nullable: true,
      description: "Words a minute at READING pace, 150 to 900; null: the installation's.",
    }),
    instructions: t.exposeString('instructions', {
      nullable: true,
      description: 'How the model shall answer here; null when nothing is said about it.',
    }),
    idleTimeout: t.exposeBoolean('idleTimeout', {
      description: 'Whether silence is answered with a nudge, then the end.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When anything about it last changed.',
    }),
    lastActivityAt: t.expose('lastActivityAt', {
      type: 'DateTime',
      description: 'When something was last said in it. The list of conversations is ordered by this.',
    }),
    messageCount: t.exposeInt('messageCount', { description: 'How many messages its visible branch has.' }),
    lastMessagePreview: t.exposeString('lastMessagePreview', {
      nullable: true,
      description: 'The beginning of the newest message, as plain text; null before the first.',
    }),
    messages: t.connection(
      {
        type: Message,
        description:
          'The messages of its visible branch, oldest first: `editMessage`, `regenerateAnswer` and `selectBranch` show another one.',
        args: {
          around: t.arg.id({
            description:
              'Returns the page of 20 around this message, or around its place if it is on another branch. It cannot be combined with the other arguments.',
          }),
        },
        complexity: ({ first, last }) => ({ field: 1, multiplier: first ?? last ?? DEFAULT_PAGE_SIZE }),
        resolve: async (row, args, { own, resultSize, pageReads }, info) => {
          const columns = { content: selectsContent(info) };
          const read = (query: PageQuery<string>) =>
            pageReads(() => {
              resultSize.throwIfExceeded();
              return own.messagesOf(row, query, columns);
            });
          if (args.around == null) return readPage(args, byId, read);
          const node = fromNodeId(args.around);
          const message = node?.type === 'Message' ? await own.messageOf(row.id, node.id) : null;
          if (!message) throw badInput('around', 'not a message of this conversation');
          return readPageAround(args, byId, message, read);
        },
      },
      {
        name: 'MessageConnection',
        description: 'A page of messages; `Conversation.messageCount` is their number in all pages.',
      },
      { name: 'MessageEdge', description: 'A message in a page, with its cursor.' },
    ),
    activeTurn: t.field({
      type: Turn,
      nullable: true,
      description:
        'The answer that is being spoken now, otherwise the one that is pending; null when there is neither.',
      resolve: (row, _args, context) => activeTurnOf(row, context),
    }),
    queuedMessages: t.field({
      type: [QueuedMessage],
      complexity: { field: 1, multiplier: MAX_QUEUED },
      description:
        'Messages that wait for the answer before them to end, in their order; at most 20, with 64,000 characters together.',
      resolve: ({ queued }) => [...queued],
    }),
    failure: t.field({
      type: TurnFailure,
      nullable: true,
      description:
        'Why the newest greeting or nudge failed; null when it did not, or when a message has been added since.',
      resolve: failureOf,
    }),
    latestEventCursor: t.string({
      description:
        'The cursor of the newest event. A client that reads a conversation and then subscribes `after` it misses nothing: what has ended by this cursor is in `messages`, everything else is in `activeTurn` or follows. What it gets twice (a message, a turn) has the same id.',
      resolve: async (row, _args, context) => encodeCursor(await liveStateOf(row, context)),
    }),
  }),
});

/** Whether a page of messages is read with their contents, which can be megabytes. */
function selectsContent(info: GraphQLResolveInfo): boolean {
  return selects(info, ['nodes'], ['content']) || selects(info, ['edges', 'node'], ['content']);
}

export const byActivity: Keyset<ConversationRow, ActivityKey> = {
  keyOf: ({ lastActivityAt, id }) => ({ at: lastActivityAt, id }),
  encode: ({ at, id }) => Buffer.from(`${at.getTime()} ${id}`).toString('base64url'),
  decode: (cursor) => {
    const [at, id] = Buffer.from(cursor, 'base64url').toString().split(' ');
    if (!at || !/^\d{1,15}$/.test(at) || !id || !isUuid(id)) return null;
    return { at: new Date(Number(at)), id };
  },
};

const byId: Keyset<MessageRow, string> = {
  keyOf: ({ id }) => id,
  encode: (id) => Buffer.from(id).toString('base64url'),
  decode: (cursor) => {
    const id = Buffer.from(cursor, 'base64url').toString();
    return isUuid(id) ? id : null;
  },
};
