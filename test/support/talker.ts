import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { type Data, type GraphQLResult, Heard } from './harness.ts';
import { CREATE, EVENTS, SEND } from './operations.ts';

/**
 * A client that sends messages without a pause and always listens. A message that may be stored, because the response was
 * lost, is sent again with the same id. A message that was refused is not stored, so the next one is sent instead.
 */
export interface Talker {
  readonly conversationId: string;
  /** The accepted messages, in order. */
  readonly sent: { turnId: string; messageId: string; text: string }[];
  /** The texts that were refused with UnavailableError at every attempt: they must not be in the conversation. */
  readonly refused: string[];
  /** The events, in order, through every change of server. */
  readonly events: Data[];
  /** The number of closed sockets, by code. */
  readonly closes: Map<number, number>;
  /** Sends no more messages. Resolves when the answer to the last one was heard. */
  finish(): Promise<void>;
  stop(): Promise<void>;
}

/** Begins a conversation at `url`; the servers behind it may come and go. Every message starts with `name`. */
export async function startTalker(url: string, name: string): Promise<Talker> {
  const created = await insist(url, CREATE, { input: { greet: false, pacing: 'INSTANT' } }, true);
  const { id, latestEventCursor } = created.createConversation.conversation;
  const closes = new Map<number, number>();
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: async (retries) => {
      if (retries > 0) await shortly();
    },
    on: {
      closed: (event) => {
        const { code } = event as { code: number };
        closes.set(code, (closes.get(code) ?? 0) + 1);
      },
    },
  });
  // Every attempt to subscribe sends this object, so it resumes after the current cursor.
  const variables = { conversationId: id, after: latestEventCursor };
  const heard = new Heard(client, EVENTS, variables);
  const sent: Talker['sent'] = [];
  const refused: string[] = [];
  const events: Data[] = [];
  let isFinishing = false;
  const talking = (async () => {
    for (let count = 0; !isFinishing; count++) {
      const text = `${name}-${count}`;
      const input = { conversationId: id, text, clientMessageId: crypto.randomUUID() };
      const accepted = await insist(url, SEND, { input });
      if (!accepted) {
        refused.push(text);
        await shortly();
        continue;
      }
      const { turnId, sentMessage } = accepted.sendMessage;
      sent.push({ turnId, messageId: sentMessage.id, text });
      do {
        events.push(await heard.event());
        variables.after = events.at(-1).cursor;
      } while (events.at(-1).turnId !== turnId || !ENDINGS.has(events.at(-1).__typename));
    }
  })();
  talking.catch(() => {});
  return {
    conversationId: id,
    sent,
    refused,
    events,
    closes,
    finish() {
      isFinishing = true;
      return talking;
    },
    stop: async () => void (await Promise.resolve(client.dispose()).catch(() => {})),
  };
}

const ENDINGS = new Set(['TurnCompleted', 'TurnInterrupted', 'TurnFailed']);

/**
 * Repeats an operation, as a client without a response does, until there is one. Null if it was refused and no earlier
 * attempt can have been stored; with `again` a refused operation is repeated as well.
 */
async function insist(url: string, query: string, variables: Data, again: true): Promise<Data>;
async function insist(url: string, query: string, variables: Data): Promise<Data | null>;
async function insist(url: string, query: string, variables: Data, again = false): Promise<Data | null> {
  let mayBeStored = again;
  for (let attempt = 0; attempt < 100; attempt++) {
    const result = await ask(url, query, variables).catch(() => null);
    const [outcome] = Object.values(result?.data ?? {}) as Data[];
    if (outcome && !outcome.message) return result?.data;
    if (outcome?.__typename !== 'UnavailableError') mayBeStored = true;
    else if (!mayBeStored) return null;
    await shortly();
  }
  throw new Error('a hundred attempts had no answer');
}

async function ask(url: string, query: string, variables: Data): Promise<GraphQLResult> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as GraphQLResult;
}

const shortly = () => new Promise((resolve) => setTimeout(resolve, 50));
