import type { Client } from '@urql/core';
import { SendMessageDocument } from '../gql/graphql.ts';
import type { Pause } from '../graphql/pause.ts';
import { problemOf } from '../graphql/problem.ts';
import { texts } from '../texts.ts';
import type { Send } from './outbox.ts';

/** How often a message is sent again that came too soon after others. */
const MOST_RETRIES = 3;

/** The {@link Send} of one conversation. A message that comes too soon is sent again when the server says that it may be. */
export function sendMessage(urql: Client, conversationId: string, pause: Pause): Send {
  return async (text, clientMessageId) => {
    const input = { conversationId, text, clientMessageId };
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
      return { messageId: payload.sentMessage?.id ?? null, turnId: payload.turnId };
    }
    return {
      problem: problemOf(error, payload) ?? { text: texts.problems.unexpected, retryable: true },
    };
  };
}
