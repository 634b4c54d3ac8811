import { backoff, type Pause, SENT_AGAIN, type Send } from '@taskflow/client/core';
import type { Client } from '@urql/core';
import { SendMessageDocument } from '../gql/graphql.ts';
import { problemOf, UNEXPECTED, waitOf } from '../graphql/problem.ts';

/**
 * The {@link Send} of one conversation. It goes on, under the same id, until the server has accepted or refused the message: what
 * found no server, or one that could not take it now, is sent again, so that no later message overtakes it. It ends when
 * `isAwaited` says that the message has arrived, whatever became of its request.
 */
export function sendMessage(
  urql: Client,
  conversationId: string,
  pause: Pause,
  isAwaited: (clientMessageId: string) => boolean,
): Send {
  return async ({ text, clientMessageId, seen, whileSpeaking }) => {
    const input = { conversationId, text, clientMessageId, whileSpeaking, ...(seen && { seen }) };
    for (let attempt = 0; ; attempt += 1) {
      const { data, error } = await urql.mutation(SendMessageDocument, { input }).toPromise();
      const payload = data?.sendMessage;
      if (!error && payload?.__typename === 'SendMessageSuccess') {
        const { sentMessage, queuedMessage, turnId } = payload;
        return queuedMessage
          ? { messageId: null, turnId: null, waits: true }
          : { messageId: sentMessage?.id ?? null, turnId };
      }
      const code = error ? error.graphQLErrors[0]?.extensions.code : payload?.__typename;
      const isRefused = code !== undefined && !SENT_AGAIN.test(String(code));
      if (isRefused || !isAwaited(clientMessageId))
        return { problem: problemOf(error, payload) ?? UNEXPECTED };
      await pause(Math.max(backoff(attempt), waitOf(error, payload)));
    }
  };
}
