import type { Client } from '@urql/core';
import { SendMessageDocument } from '../gql/graphql.ts';
import { problemOf } from '../graphql/problem.ts';
import { texts } from '../texts.ts';
import type { Send } from './outbox.ts';

/** The {@link Send} of one conversation. */
export function sendMessage(urql: Client, conversationId: string): Send {
  return async (text, clientMessageId) => {
    const input = { conversationId, text, clientMessageId };
    const { data, error } = await urql.mutation(SendMessageDocument, { input }).toPromise();
    const payload = data?.sendMessage;
    if (!error && payload?.__typename === 'SendMessageSuccess') {
      return { messageId: payload.sentMessage?.id ?? null, turnId: payload.turnId };
    }
    return {
      problem: problemOf(error, payload) ?? { text: texts.problems.unexpected, retryable: true },
    };
  };
}
