import { isUuid } from '../../core/conversation/ids.ts';
import type { Pacing as Pace, ConversationStatus as Status } from '../../core/conversation/vocabulary.ts';
import { encodeCursor } from '../../core/feed/cursor.ts';
import type {
  Conversation as ConversationRow,
  Message as MessageRow,
  Prisma,
  PrismaClient,
} from '../../generated/prisma/client.ts';
import { builder } from './builder.ts';
import { ConversationStatus, Pacing } from './enums.ts';
import { liveStateOf } from './live-state.ts';
import { Message } from './message.ts';
import { Model, shownModel } from './model.ts';
import { DEFAULT_PAGE_SIZE, type Keyset, type PageQuery, readPage } from './page.ts';
import { Turn } from './turn.ts';
import { failureOf, TurnFailure } from './turn-failure.ts';

export const Conversation = builder.prismaNode('Conversation', {
  id: { field: 'id', description: 'Opaque and unique among all types.' },
  description: 'A conversation of a user with the AI.',
  fields: (t) => ({
    title: t.exposeString('title', {
      nullable: true,
      description: 'The first user message, cut to 80 characters; null before it.',
    }),
    status: t.field({
      type: ConversationStatus,
      description: 'Whether it goes on.',
      resolve: ({ status }) => status as Status,
    }),
    model: t.field({
      type: Model,
      description: 'The model that answers from the next turn on.',
      resolve: ({ model }, _args, { models }) => shownModel(models, model),
    }),
    provider: t.exposeString('provider', { description: 'Where the models come from.' }),
    pacing: t.field({
      type: Pacing,
      description: 'How fast answers are spoken.',
      resolve: ({ pacing }) => pacing as Pace,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When anything about it last changed.',
    }),
    lastActivityAt: t.expose('lastActivityAt', {
      type: 'DateTime',
      description: 'When something was last said in it: what the list is ordered by.',
    }),
    messageCount: t.exposeInt('messageCount', { description: 'How many messages it has.' }),
    lastMessagePreview: t.exposeString('lastMessagePreview', {
      nullable: true,
      description: 'The beginning of the newest message, as plain text; null before the first.',
    }),
    messages: t.connection(
      {
        type: Message,
        description: 'Oldest first.',
        complexity: ({ first, last }) => ({ field: 1, multiplier: first ?? last ?? DEFAULT_PAGE_SIZE }),
        resolve: async ({ id }, args, { prisma }) => ({
          ...(await readPage(args, byId, (query) => readMessages(prisma, id, query))),
          conversationId: id,
        }),
      },
      {
        name: 'MessageConnection',
        description: 'A page of messages.',
        fields: (connection) => ({
          totalCount: connection.int({
            description: 'How many there are in all.',
            resolve: (page, _args, { prisma }) =>
              prisma.message.count({
                where: { conversationId: (page as unknown as OfConversation).conversationId },
              }),
          }),
        }),
      },
      { name: 'MessageEdge', description: 'A message in a page.' },
    ),
    activeTurn: t.field({
      type: Turn,
      nullable: true,
      description: 'The answer being spoken right now, if any.',
      resolve: async (row, _args, context) => (await liveStateOf(row, context)).turn,
    }),
    lastFailure: t.field({
      type: TurnFailure,
      nullable: true,
      description:
        'Why the newest user message, or the greeting, was not answered to the end, where the model failed; null once it is answered anew.',
      resolve: failureOf,
    }),
    latestCursor: t.string({
      description:
        "The cursor of the conversation's newest event, read no later than the rest of this object: query a conversation, then subscribe `after: latestCursor`, and nothing is lost or repeated in between.",
      resolve: async (row, _args, context) => encodeCursor(await liveStateOf(row, context)),
    }),
  }),
});

/** The key of the conversation list: the newest activity first. */
export interface ActivityKey {
  at: Date;
  id: string;
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

/** One indexed query, wherever the page stands: the bound on the time alone is what the index can seek to. */
export function readConversations(
  prisma: PrismaClient,
  where: { owner: string; status?: Status },
  { after, before, take, backwards }: PageQuery<ActivityKey>,
): Promise<ConversationRow[]> {
  const bounds: Prisma.ConversationWhereInput[] = [];
  if (after) {
    const later = [{ lastActivityAt: { lt: after.at } }, { id: { lt: after.id } }];
    bounds.push({ lastActivityAt: { lte: after.at }, OR: later });
  }
  if (before) {
    const earlier = [{ lastActivityAt: { gt: before.at } }, { id: { gt: before.id } }];
    bounds.push({ lastActivityAt: { gte: before.at }, OR: earlier });
  }
  const direction = backwards ? 'asc' : 'desc';
  return prisma.conversation.findMany({
    where: { ...where, AND: bounds },
    orderBy: [{ lastActivityAt: direction }, { id: direction }],
    take,
  });
}

interface OfConversation {
  conversationId: string;
}

const byId: Keyset<MessageRow, string> = {
  keyOf: ({ id }) => id,
  encode: (id) => Buffer.from(id).toString('base64url'),
  decode: (cursor) => {
    const id = Buffer.from(cursor, 'base64url').toString();
    return isUuid(id) ? id : null;
  },
};

function readMessages(
  prisma: PrismaClient,
  conversationId: string,
  { after, before, take, backwards }: PageQuery<string>,
): Promise<MessageRow[]> {
  const range = { ...(after ? { gt: after } : {}), ...(before ? { lt: before } : {}) };
  return prisma.message.findMany({
    where: { conversationId, id: range },
    orderBy: { id: backwards ? 'desc' : 'asc' },
    take,
  });
}
