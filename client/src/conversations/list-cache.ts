import { gql } from '@urql/core';
import type { Cache } from '@urql/exchange-graphcache';
import type { ConversationItemFragment } from '../gql/graphql.ts';

/** Puts a conversation at the top of the cached list, unless it is in it already; its fields are the cache's business. */
export function addToList(cache: Cache, conversation: ConversationItemFragment): void {
  const pages = listPages(cache);
  const first = pages.find((page) => page.first);
  const edge = `ConversationEdge:${conversation.id}`;
  if (!first || pages.some((page) => page.edges.includes(edge))) return;
  cache.writeFragment(EDGE, {
    __typename: 'ConversationEdge',
    cursor: '',
    node: { __typename: 'Conversation', id: conversation.id },
  });
  cache.link(first.connection, 'edges', [edge, ...first.edges]);
}

/** Takes a conversation out of the cached list; a thread that shows it finds it gone. */
export function removeFromList(cache: Cache, conversationId: string): void {
  const edge = `ConversationEdge:${conversationId}`;
  for (const page of listPages(cache)) {
    if (!page.edges.includes(edge)) continue;
    cache.link(
      page.connection,
      'edges',
      page.edges.filter((it) => it !== edge),
    );
  }
  cache.link('Query', 'conversation', { id: conversationId }, null);
}

// Typed for the fragment's own fields only: graphcache looks at nothing else here.
const EDGE = gql<{ __typename: string; cursor: string; node: { __typename: string; id: string } }>`
  fragment _ on ConversationEdge {
    cursor
    node {
      id
    }
  }
`;

interface ListPage {
  connection: string;
  edges: string[];
  first: boolean;
}

function listPages(cache: Cache): ListPage[] {
  return cache
    .inspectFields('Query')
    .filter((field) => field.fieldName === 'conversations')
    .flatMap((field) => {
      const connection = cache.resolve('Query', field.fieldKey);
      if (typeof connection !== 'string') return [];
      const edges = cache.resolve(connection, 'edges');
      return [
        {
          connection,
          edges: Array.isArray(edges) ? edges.filter((it) => typeof it === 'string') : [],
          first: !field.arguments?.after,
        },
      ];
    });
}
