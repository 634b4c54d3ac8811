import { type Pause, type Socket, subscribeForever } from '@taskflow/client/core';
import type { Client } from '@urql/core';
import {
  ConversationChangesDocument,
  type ConversationChangesSubscription,
  ConversationsDocument,
} from '../gql/graphql.ts';
import { payloadOf } from '../graphql/persisted.ts';
import { push } from '../graphql/pushed-exchange.ts';

/** The size of a page of the list. */
export const PAGE_SIZE = 20;

/**
 * Keeps the cached list of conversations up to date. Its changes have no cursor, so the newest page is read again after the
 * connection was lost. It is also read again when a conversation changes that no loaded page has, because only the server
 * knows its place. Returns a function that stops this.
 */
export function followList(urql: Client, socket: Socket, pause: Pause): () => void {
  const readAgain = () =>
    void urql
      .query(ConversationsDocument, { first: PAGE_SIZE }, { requestPolicy: 'network-only' })
      .toPromise();
  const offReconnected = socket.onReconnected(readAgain);
  const unsubscribe = subscribeForever<ConversationChangesSubscription>({
    client: socket.client,
    payload: payloadOf('ConversationChanges', ConversationChangesDocument),
    onData: async (data) => {
      await push(urql, ConversationChangesDocument, {}, data);
      const { kind, conversationId } = data.conversationChanges;
      if (kind !== 'DELETED' && isUnlisted(urql, conversationId)) readAgain();
    },
    pause,
  });
  return () => {
    offReconnected();
    unsubscribe();
  };
}

/** False while the list has not been loaded, because then it will be read anyway. */
function isUnlisted(urql: Client, conversationId: string): boolean {
  const list = urql.readQuery(ConversationsDocument, { first: PAGE_SIZE })?.data?.conversations;
  return list?.edges.every(({ node }) => node.id !== conversationId) ?? false;
}
