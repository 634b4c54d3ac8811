import { applyToThread, type ConversationEvent } from '@taskflow/client/core';
import type { Cache } from '@urql/exchange-graphcache';
import { ThreadDocument } from '../gql/graphql.ts';

/** Applies one event of its feed to a cached thread. A thread that is not cached is ignored. */
export function applyToCachedThread(cache: Cache, conversationId: string, event: ConversationEvent): void {
  cache.updateQuery({ query: ThreadDocument, variables: { id: conversationId } }, (data) => {
    if (!data?.conversation) return data;
    const conversation = applyToThread(data.conversation, event);
    return conversation === data.conversation ? data : { ...data, conversation };
  });
}
