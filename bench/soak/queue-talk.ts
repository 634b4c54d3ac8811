import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Platform } from '../../test/faults/platform.ts';
import type { Data } from '../../test/support/harness.ts';
import type { SeededRandom } from '../../test/support/seeded-random.ts';
import { outcomeOf } from './refusals.ts';

/** What must have become of a message that was accepted. `maybe`: a call to take it back had no reply. */
interface Sent {
  text: string;
  fate: 'sent' | 'withdrawn' | 'maybe';
  /** Whether it was sent out of order by sendQueuedMessageNow, or may have been. */
  isHurried: boolean;
}

/** How often a message is taken back, and how often it is sent at once. */
const WITHDRAWS = 0.03;
const HURRIES = 0.03;
/** The wait before a call is repeated, in milliseconds. */
const AGAIN_MS = 100;

/** One conversation whose user sends faster than the AI answers: most messages wait. */
export class QueueTalk {
  readonly #platform: Platform;
  readonly #random: Pick<SeededRandom, 'next' | 'between'>;
  readonly #name: string;
  readonly #sent: Sent[] = [];
  #id = '';
  /** How many messages had to wait. */
  waited = 0;

  constructor(platform: Platform, random: Pick<SeededRandom, 'next' | 'between'>, name: string) {
    this.#platform = platform;
    this.#random = random;
    this.#name = name;
  }

  async start(): Promise<void> {
    const { id, listener } = await this.#platform.conversation();
    this.#id = id;
    await listener.stop();
  }

  get count(): number {
    return this.#sent.length;
  }

  /** Sends one message to the queue, repeated until it is accepted, and sometimes takes it back or sends it at once. */
  async step(): Promise<void> {
    const text = `Count ${this.#name}.${this.#sent.length} to 2`;
    const sent: Sent = { text, fate: 'sent', isHurried: false };
    const input = {
      ...{ conversationId: this.#id, text },
      ...{ clientMessageId: randomUUID(), whileSpeaking: 'QUEUE' },
    };
    const accepted = await this.#until(SEND, input);
    this.#sent.push(sent);
    const queuedMessageId = accepted.queuedMessage?.id;
    if (!queuedMessageId) return;
    this.waited += 1;
    const whim = this.#random.next();
    if (whim >= WITHDRAWS + HURRIES) return;
    const withdraws = whim < WITHDRAWS;
    const { __typename: type = '' } = await this.#once(withdraws ? WITHDRAW : SEND_NOW, {
      ...{ conversationId: this.#id, queuedMessageId },
    });
    // A NotFoundError: it had been sent.
    if (type.endsWith('Error')) return;
    if (withdraws) sent.fate = type.endsWith('Success') ? 'withdrawn' : 'maybe';
    else sent.isHurried = true;
  }

  /** The payload of a call; empty when there was none. */
  async #once(query: string, input: Data): Promise<Data> {
    const server = this.#random.between(0, this.#platform.servers.length - 1);
    const { data } = await this.#platform.request(query, { input }, server).catch(() => ({ data: null }));
    return (Object.values(data ?? {})[0] as Data | null | undefined) ?? {};
  }

  async #until(query: string, input: Data): Promise<Data> {
    while (true) {
      const payload = await this.#once(query, input);
      if (outcomeOf(payload) === 'accepted') return payload;
      await delay(AGAIN_MS);
    }
  }

  /** Resolves when nothing waits and nothing is spoken. */
  async over(): Promise<void> {
    while (true) {
      const { data } = await this.#platform.request(LEFT, { id: this.#id }).catch(() => ({ data: null }));
      const { queuedMessages, activeTurn } = data?.conversation ?? {};
      if (queuedMessages?.length === 0 && activeTurn === null) return;
      await delay(AGAIN_MS);
    }
  }

  /** Compares what was accepted with what is stored. Returns the differences. */
  async check(): Promise<string[]> {
    const stored = (await this.#platform.allMessages(this.#id)).filter(({ role }) => role === 'USER');
    const times = new Map<string, number>();
    for (const { content } of stored) times.set(content, (times.get(content) ?? 0) + 1);
    const faults = this.#sent.flatMap(({ text, fate }) => {
      const found = times.get(text) ?? 0;
      const isRight = fate === 'maybe' ? found <= 1 : found === (fate === 'sent' ? 1 : 0);
      return isRight ? [] : [`${text}: ${fate}, and stored ${found} times`];
    });
    const inOrder = this.#sent.filter(({ isHurried, text }) => !isHurried && times.has(text));
    const places = new Map(stored.map(({ content }, at) => [content, at]));
    for (const [at, { text }] of inOrder.entries()) {
      const before = inOrder[at - 1];
      if (before && (places.get(before.text) ?? 0) > (places.get(text) ?? 0))
        faults.push(`${text}: stored before ${before.text}`);
    }
    const known = new Set(this.#sent.map(({ text }) => text));
    for (const { content } of stored) if (!known.has(content)) faults.push(`${content}: was not sent`);
    return faults;
  }
}

const SEND = /* GraphQL */ `
  mutation Send($input: SendMessageInput!) {
    sendMessage(input: $input) {
      __typename
      ... on SendMessageSuccess { turnId queuedMessage { id } }
    }
  }
`;
const SEND_NOW = /* GraphQL */ `
  mutation SendNow($input: SendQueuedMessageNowInput!) { sendQueuedMessageNow(input: $input) { __typename } }
`;
const WITHDRAW = /* GraphQL */ `
  mutation Withdraw($input: WithdrawQueuedMessageInput!) { withdrawQueuedMessage(input: $input) { __typename } }
`;
const LEFT = /* GraphQL */ `
  query Left($id: ID!) { conversation(id: $id) { queuedMessages { id } activeTurn { turnId } } }
`;
