import type { Client } from 'graphql-ws';
import { backoff } from './backoff.ts';
import { SendDocument } from './gql/graphql.ts';
import { execute } from './operation.ts';
import type { Send } from './outbox.ts';
import type { Pause } from './pause.ts';
import { problemOf } from './problem-of.ts';

/** Codes, and types of errors, after which a message is sent again by itself; others are the user's to decide. */
export const SENT_AGAIN = /unavailable|limited|unknown/i;

/**
 * The {@link Send} of one conversation over a socket. It goes on until the server has accepted or refused the message: what
 * found no server, or one that could not take it now, is sent again under the same id.
 */
export function sendOver(client: Pick<Client, 'subscribe'>, conversationId: string, pause: Pause): Send {
  return async ({ text, clientMessageId, seen, whileSpeaking }) => {
    const input = { conversationId, text, clientMessageId, whileSpeaking, ...(seen && { seen }) };
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await execute(client, 'Send', SendDocument, { input });
      const result = outcome.data?.sendMessage;
      if (result?.__typename === 'SendMessageSuccess') {
        const { sentMessage, queuedMessage, turnId } = result;
        return queuedMessage
          ? { messageId: null, turnId: null, waits: true }
          : { messageId: sentMessage?.id ?? null, turnId };
      }
      const failed = problemOf(outcome, result);
      const { code } = failed?.problem ?? {};
      if (failed && code && !SENT_AGAIN.test(code)) return failed;
      await pause(Math.max(backoff(attempt), failed?.waitMs ?? 0));
    }
  };
}
