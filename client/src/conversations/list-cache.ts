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

/**
 * Keeps the cached list in the server's order, the newest activity first, between two readings of it: activity is a message,
 * so whatever tells of more of them than were known moves the conversation to the top. Renaming moves nothing.
 */
export class ListOrder {
  readonly #messageCounts = new Map<string, number>();

  /** A conversation has been written to the cache, wherever it was told of. */
  told(cache: Cache, conversationId: string, messageCount: number): void {
    const known = this.#messageCounts.get(conversationId);
    if (known !== undefined && known >= messageCount) return;
    this.#messageCounts.set(conversationId, messageCount);
    if (known !== undefined) moveToTop(cache, conversationId);
  }
}

/**
 * Forgets every page but the first: it has been read again, and what has moved in between would be missing between it and
 * them, or be in both.
 */
export function dropLaterPages(cache: Cache): void {
  for (const field of cache.inspectFields('Query')) {
    if (field.fieldName === 'conversations' && field.arguments?.after) {
      cache.invalidate('Query', field.fieldKey);
    }
  }
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

function moveToTop(cache: Cache, conversationId: string): void {
  const pages = listPages(cache);
  const first = pages.find((page) => page.first);
  const edge = `ConversationEdge:${conversationId}`;
  if (!first || first.edges[0] === edge || !pages.some((page) => page.edges.includes(edge))) return;
  for (const { connection, edges } of pages) {
    const others = edges.filter((it) => it !== edge);
    if (connection === first.connection) cache.link(connection, 'edges', [edge, ...others]);
    else if (others.length < edges.length) cache.link(connection, 'edges', others);
  }
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
