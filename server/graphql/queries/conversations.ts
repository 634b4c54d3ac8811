import type { GraphQLResolveInfo } from 'graphql';
import type { Conversation as ConversationRow } from '../../../generated/prisma/client.ts';
import { builder } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import { fromNodeId } from '../ids.ts';
import { readFeedThenRows, selectsLive } from '../live-state.ts';
import { DEFAULT_PAGE_SIZE, type Page, readPage } from '../page.ts';
import { byActivity, Conversation } from '../types/conversation.ts';
import { ConversationStatus } from '../types/enums.ts';
import { readOwnConversations } from './own-conversations.ts';

builder.queryField('conversation', (t) =>
  t.field({
    type: Conversation,
    nullable: true,
    description: "Null when it does not exist or is not the viewer's.",
    authScopes: { scope: 'CONVERSATIONS_READ' },
    args: { id: t.arg.id({ required: true, description: 'The id of a conversation.' }) },
    resolve: async (_root, args, context, info) => {
      const node = fromNodeId(args.id);
      return node?.type === 'Conversation' ? readConversation(node.id, context, info) : null;
    },
  }),
);

builder.queryField('conversations', (t) =>
  t.connection(
    {
      type: Conversation,
      description: "The viewer's conversations, most recent activity first.",
      authScopes: { scope: 'CONVERSATIONS_READ' },
      args: {
        status: t.arg({ type: ConversationStatus, description: 'Only conversations of this status.' }),
      },
      complexity: ({ first, last }) => ({ field: 1, multiplier: first ?? last ?? DEFAULT_PAGE_SIZE }),
      resolve: async (_root, args, context, info) => {
        const status = args.status ?? undefined;
        const page = await readPage(args, byActivity, (query) => context.own.list(status, query));
        const live = selectsLive(info, ['edges', 'node']) || selectsLive(info, ['nodes']);
        return { ...(live ? await readAgain(page, context) : page), status };
      },
    },
    {
      name: 'ConversationConnection',
      description: 'A page of conversations.',
      fields: (connection) => ({
        totalCount: connection.int({
          description:
            'How many conversations there are in all pages. They are counted when this is selected, which costs more the more there are.',
          resolve: ({ status }, _args, { own }) => own.count(status),
        }),
      }),
    },
    { name: 'ConversationEdge', description: 'A conversation in a page, with its cursor.' },
  ),
);

/** The caller's own conversation, or null. If live fields are selected, the feed is read before its row. */
export async function readConversation(
  id: string,
  context: GraphQLContext,
  info: GraphQLResolveInfo,
): Promise<ConversationRow | null> {
  const [row] = await readOwnConversations([id], context, selectsLive(info));
  return row ?? null;
}

/** Reads the rows of a page once more, after the feed. A conversation that was deleted meanwhile stays as it was. */
async function readAgain(
  page: Page<ConversationRow>,
  context: GraphQLContext,
): Promise<Page<ConversationRow>> {
  const ids = page.edges.map(({ node }) => node.id);
  const rows = await readFeedThenRows(context, ids, () => context.own.conversations(ids));
  const byId = new Map(rows.map((row) => [row.id, row]));
  return {
    ...page,
    edges: page.edges.map((edge) => ({ ...edge, node: byId.get(edge.node.id) ?? edge.node })),
  };
}
