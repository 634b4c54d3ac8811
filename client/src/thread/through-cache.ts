import { limitedFor, type SessionContext } from '@taskflow/client/core';
import type { Client } from '@urql/core';
import { ConversationEventsDocument, LoadThreadDocument } from '../gql/graphql.ts';
import { problemOf, UNEXPECTED } from '../graphql/problem.ts';
import { push } from '../graphql/pushed-exchange.ts';

/** How a session reads a conversation and stores its events: all of it is in urql's cache, where the thread reads it. */
export function throughCache(urql: Client, conversationId: string): Pick<SessionContext, 'load' | 'store'> {
  return {
    async load(id) {
      const { data, error } = await urql
        .query(LoadThreadDocument, { id }, { requestPolicy: 'network-only' })
        .toPromise();
      if (data && (data.conversation || !error)) return { conversation: data.conversation };
      const waitMs = limitedFor(error?.graphQLErrors ?? []);
      return { problem: problemOf(error, undefined) ?? UNEXPECTED, waitMs };
    },
    store(event) {
      const variables = { conversationId, after: event.cursor };
      void push(urql, ConversationEventsDocument, variables, { conversationEvents: event });
    },
  };
}
