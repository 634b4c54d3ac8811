import type { Client } from 'graphql-ws';
import { ConversationEventsDocument, type ConversationEventsSubscription } from './gql/graphql.ts';
import type { ConversationEvent } from './live-state.ts';
import { payloadOf } from './operation.ts';
import type { Pause } from './pause.ts';
import type { Fault } from './problem.ts';
import { subscribeForever } from './subscribe-forever.ts';

/** What {@link follow} needs. */
export interface FollowOptions {
  client: Pick<Client, 'subscribe'>;
  conversationId: string;
  /** Exclusive. */
  after: string;
  onEvent(event: ConversationEvent): void;
  /** Called when the server refuses the subscription: the conversation does not exist, or the cursor is invalid. */
  onRefused(errors: readonly Fault[]): void;
  pause: Pause;
}

/**
 * Delivers every event after `after`, in order, across lost connections, servers that shut down and "too slow" errors: each
 * (re)subscription starts after the last event received. Returns a function that ends it.
 */
export function follow(options: FollowOptions): () => void {
  // graphql-ws sends this object again when it reconnects, so the cursor is kept in it.
  const variables = {
    conversationId: options.conversationId,
    after: options.after,
  };
  return subscribeForever<ConversationEventsSubscription>({
    client: options.client,
    payload: payloadOf('ConversationEvents', ConversationEventsDocument, variables),
    onData: ({ conversationEvents: event }) => {
      variables.after = event.cursor;
      options.onEvent(event);
    },
    onRefused: options.onRefused,
    pause: options.pause,
  });
}
