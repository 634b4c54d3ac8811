import { stringifyDocument } from '@urql/core';
import type { GraphQLFormattedError } from 'graphql';
import type { Client } from 'graphql-ws';
import {
  ConversationEventsDocument,
  type ConversationEventsSubscription,
  type ConversationEventsSubscriptionVariables,
} from '../gql/graphql.ts';
import type { Pause } from '../graphql/pause.ts';
import { subscribeForever } from '../graphql/subscribe-forever.ts';
import type { ConversationEvent } from './live-state.ts';

/** What {@link follow} needs. */
export interface FollowOptions {
  client: Pick<Client, 'subscribe'>;
  conversationId: string;
  /** Exclusive. */
  after: string;
  onEvent(event: ConversationEvent): void;
  /** The server will not let this feed be followed from here: the conversation is gone, or the cursor is not one. */
  onRefused(errors: readonly GraphQLFormattedError[]): void;
  pause: Pause;
}

/**
 * Hears every event after `after`, in order, through lost connections, servers that go away and "too slow" endings: each
 * (re)subscription starts after the last event heard. Returns the way to end it.
 */
export function follow(options: FollowOptions): () => void {
  // graphql-ws sends this very object again when it reconnects, so the cursor is kept in it.
  const variables: ConversationEventsSubscriptionVariables = {
    conversationId: options.conversationId,
    after: options.after,
  };
  return subscribeForever<ConversationEventsSubscription>({
    client: options.client,
    payload: {
      operationName: 'ConversationEvents',
      query: stringifyDocument(ConversationEventsDocument),
      variables,
    },
    onData: ({ conversationEvents: event }) => {
      variables.after = event.cursor;
      options.onEvent(event);
    },
    onRefused: options.onRefused,
    pause: options.pause,
  });
}
