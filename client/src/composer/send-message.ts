import type { Pause, Send } from '@taskflow/client/core';
import type { Client } from '@urql/core';
import { SendMessageDocument } from '../gql/graphql.ts';
import { problemOf, UNEXPECTED } from '../graphql/problem.ts';

/** How often a message is sent again that came too soon after others. */
const MOST_RETRIES = 3;

/** The {@link Send} of one conversation. A message that comes too soon is sent again when the server says that it may be. */
export function sendMessage(urql: Client, conversationId: string, pause: Pause): Send {
  return async ({ text, clientMessageId, seen, whileSpeaking }) => {
    const input = { conversationId, text, clientMessageId, whileSpeaking, ...(seen && { seen }) };
    const send = () => urql.mutation(SendMessageDocument, { input }).toPromise();
    let { data, error } = await send();
    for (
      let retry = 0;
      retry < MOST_RETRIES && data?.sendMessage.__typename === 'RateLimitedError';
      retry += 1
    ) {
      await pause(data.sendMessage.retryAfterMs);
      ({ data, error } = await send());
    }
    const payload = data?.sendMessage;
    if (!error && payload?.__typename === 'SendMessageSuccess') {
      const { sentMessage, queuedMessage, turnId } = payload;
      return queuedMessage
        ? { messageId: null, turnId: null, waits: true }
        : { messageId: sentMessage?.id ?? null, turnId };
    }
    return {
      problem: problemOf(error, payload) ?? UNEXPECTED,
    };
  };
}
