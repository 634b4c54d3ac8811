import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { type Data, type GraphQLResult, Heard } from './harness.ts';
import { CREATE, EVENTS, SEND } from './operations.ts';

/**
 * Somebody who talks without a pause and listens all the while. A message that may have been stored, for its answer was
 * lost, is sent again with the same id; one that was refused, of which nothing is stored, is not: something else is said.
 */
export interface Talker {
  readonly conversationId: string;
  /** What was accepted, in order. */
  readonly sent: { turnId: string; messageId: string; text: string }[];
  /** What was refused with UnavailableError, each time it was sent: it may not be in the conversation. */
  readonly refused: string[];
  /** What was heard, in order, through every change of server. */
  readonly events: Data[];
  /** How often the socket was closed, by code. */
  readonly closes: Map<number, number>;
  /** Resolves when the answer to the last message was heard: nothing more is said. */
  finish(): Promise<void>;
  stop(): Promise<void>;
}

/** Begins a conversation at `url`, any server behind which may come and go. `name` begins all that is said. */
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
  // The same object goes out with every attempt to subscribe: it says where to go on.
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
 * As a client does it that is not sure to have been heard: the same again, until there is an answer. Null when it was
 * refused and no earlier attempt can have been heard, unless even that is `again`.
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
