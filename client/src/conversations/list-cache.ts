import { gql } from '@urql/core';
import type { Cache } from '@urql/exchange-graphcache';
import type { ConversationItemFragment } from '../gql/graphql.ts';

/** Puts a conversation at the top of the cached list, unless the list has it already. The cache writes its fields. */
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
 * Keeps the cached list in the server's order, the newest activity first, between two reads of it. Activity is a message, so
 * a conversation whose number of messages has grown moves to the top. Renaming moves nothing.
 */
export class ListOrder {
  readonly #messageCounts = new Map<string, number>();

  /** Call when a conversation has been written to the cache. */
  written(cache: Cache, conversationId: string, messageCount: number): void {
    const known = this.#messageCounts.get(conversationId);
    if (known !== undefined && known >= messageCount) return;
    this.#messageCounts.set(conversationId, messageCount);
    if (known !== undefined) moveToTop(cache, conversationId);
  }
}

/**
 * Drops every page but the first, which has been read again: a conversation that has moved since could otherwise be missing
 * from all pages, or be in two.
 */
export function dropLaterPages(cache: Cache): void {
  for (const field of cache.inspectFields('Query')) {
    if (field.fieldName === 'conversations' && field.arguments?.after) {
      cache.invalidate('Query', field.fieldKey);
    }
  }
}

/** Removes a conversation from the cached list, and from a thread that shows it. */
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

// Typed for the fragment's own fields only, because graphcache reads no others here.
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
