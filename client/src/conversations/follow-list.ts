import { type Client, stringifyDocument } from '@urql/core';
import {
  ConversationChangesDocument,
  type ConversationChangesSubscription,
  ConversationsDocument,
} from '../gql/graphql.ts';
import type { Pause } from '../graphql/pause.ts';
import { push } from '../graphql/pushed-exchange.ts';
import type { Socket } from '../graphql/socket.ts';
import { subscribeForever } from '../graphql/subscribe-forever.ts';

/** The size of a page of the list. */
export const PAGE_SIZE = 20;

/**
 * Keeps the cached list of conversations up to date. Its changes bear no cursor, so what happened while the connection was
 * away is mended by reading the newest page again. Returns the way to end it.
 */
export function followList(urql: Client, socket: Socket, pause: Pause): () => void {
  const offReconnected = socket.onReconnected(() => {
    void urql
      .query(ConversationsDocument, { first: PAGE_SIZE }, { requestPolicy: 'network-only' })
      .toPromise();
  });
  const unsubscribe = subscribeForever<ConversationChangesSubscription>({
    client: socket.client,
    payload: {
      operationName: 'ConversationChanges',
      query: stringifyDocument(ConversationChangesDocument),
    },
    onData: (data) => void push(urql, ConversationChangesDocument, {}, data),
    pause,
  });
  return () => {
    offReconnected();
    unsubscribe();
  };
}
