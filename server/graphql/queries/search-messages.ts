import { isUuid } from '../../../core/domain/ids.ts';
import { readQuery } from '../../../core/search/search-query.ts';
import type { Hit, HitKey } from '../../../core/store/message-search.ts';
import { badInput } from '../bad-input.ts';
import { builder } from '../builder.ts';
import { SEARCH_COMPLEXITY } from '../limits.ts';
import { selectsLive } from '../live-state.ts';
import { DEFAULT_PAGE_SIZE, type Keyset, readPage } from '../page.ts';
import { MessageSearchConnection } from '../types/message-search.ts';
import { readOwnConversations } from './own-conversations.ts';

builder.queryField('searchMessages', (t) =>
  t.field({
    type: MessageSearchConnection,
    description:
      "The viewer's messages that match, best first, from all branches of all conversations: among the 500 newest ones that match. A new message is found about a second after it was stored.",
    authScopes: { scope: 'CONVERSATIONS_READ' },
    args: {
      query: t.arg.string({
        required: true,
        description:
          'Words that a message must have, `"a phrase"`, and `-word` or `-"a phrase"` that it must not have; at most 200 characters and 16 words, at least one that it must have. Case, accents and forms of a word do not matter outside quotes; the last word may be the beginning of one. Words of scripts without spaces, such as Chinese, are found within others.',
      }),
      first: t.arg.int({ description: 'The size of the page, at most 100; 20 unless given.' }),
      after: t.arg.string({ description: 'The cursor of the last edge of the page before.' }),
    },
    complexity: ({ first }) => ({ field: SEARCH_COMPLEXITY, multiplier: first ?? DEFAULT_PAGE_SIZE }),
    resolve: async (_root, args, context, info) => {
      const query = readQuery(args.query);
      if ('fault' in query) throw badInput('query', query.fault);
      const { viewer, own, search } = context;
      const page = await readPage({ first: args.first, after: args.after }, byScore, ({ after, take }) =>
        search.hits(query, viewer, own, { after, take }),
      );
      const ids = new Set(page.edges.map(({ node }) => node.message.conversationId));
      const live = selectsLive(info, ['edges', 'conversation']);
      const rows = await readOwnConversations([...ids], context, live);
      const conversations = new Map(rows.map((row) => [row.id, row]));
      const edges = page.edges.flatMap(({ cursor, node }) => {
        // Null: it was deleted meanwhile.
        const conversation = conversations.get(node.message.conversationId);
        return conversation ? [{ cursor, node: { ...node, conversation } }] : [];
      });
      return { ...page, edges };
    },
  }),
);

const byScore: Keyset<Hit, HitKey> = {
  keyOf: ({ key }) => key,
  encode: ({ newest, score, id }) => Buffer.from(`${newest} ${score} ${id}`).toString('base64url'),
  decode(cursor) {
    const [newest = '', score = '', id = ''] = Buffer.from(cursor, 'base64url').toString().split(' ');
    return isUuid(newest) && /^[01](?:\.\d{1,20})?$/.test(score) && isUuid(id)
      ? { newest, score: Number(score), id }
      : null;
  },
};
