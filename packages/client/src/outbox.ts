import type { WhileSpeaking } from './gql/graphql.ts';
import { Listeners } from './listeners.ts';
import type { Seen } from './live-store.ts';
import type { Problem } from './problem.ts';

/** A message on its way. `sent`: the server has it, and it will appear in the thread. */
export interface Outgoing {
  clientMessageId: string;
  text: string;
  /** RFC 3339. */
  at: string;
  /** What it does to the answer being spoken. */
  whileSpeaking: WhileSpeaking;
  /** What was on the screen of the answer that it cuts off; null where there was none. */
  seen: Seen | null;
  status: 'sending' | 'sent' | 'failed';
  /** Its id in the thread; null while that is not known. */
  messageId: string | null;
  /** The turn that answers it; null while that is not known. */
  turnId: string | null;
  /** Set when failed. */
  problem: Problem | null;
  /** Whether its message is in the thread, or is just being added to it. */
  arrived: boolean;
}

/** The ids that the server gave to a message and its turn. It has no turn if it only acknowledges an answer; `waits`: nor any message yet. */
interface Accepted {
  messageId: string | null;
  turnId: string | null;
  waits?: boolean;
}

/** Sends one message; safe to repeat with the same `clientMessageId`. Never rejects. */
export type Send = (
  message: Pick<Outgoing, 'text' | 'clientMessageId' | 'seen' | 'whileSpeaking'>,
) => Promise<Accepted | { problem: Problem }>;

/** What became of a message, once the server has answered. */
export interface Receipt {
  clientMessageId: string;
  /** Whether the server has it. */
  isAccepted: boolean;
  /** Whether it is answered next: it does not wait, and does not only acknowledge an answer. */
  isAnswered: boolean;
}

/** The messages of a conversation that are not sent yet, as they are kept over a reload of the page. */
export interface KeptItems {
  read(): Outgoing[];
  write(items: readonly Outgoing[]): void;
}

/** The fields of a message in the thread that an outbox needs. */
export interface InThread {
  id: string;
  clientMessageId: string | null;
}

/** What every message begins with. */
export const UNSENT: Omit<Outgoing, 'clientMessageId' | 'text' | 'at'> = {
  ...{ seen: null, whileSpeaking: 'AUTO', status: 'sending', arrived: false },
  ...{ messageId: null, turnId: null, problem: null },
};

/**
 * The messages of one conversation that the user has sent and the thread does not show yet, oldest first. They are sent one
 * after the other. A message in the thread is matched only by its `clientMessageId`, whether the request that sent it
 * succeeded or not. From then on both have the same `messageId`: show the item only while the thread does not have that
 * message, so that it is never shown twice and never disappears for a moment. What is not sent yet is kept, if `kept` is
 * given, so that a reload does not lose it.
 */
export class Outbox {
  readonly #send: Send;
  readonly #newId: () => string;
  readonly #kept: KeptItems | null;
  readonly #listeners = new Listeners();
  #items: readonly Outgoing[] = [];
  #last: Promise<void> = Promise.resolve();

  /** `newId` returns another UUID each time. What was on its way when it was kept is sent again, with the same id. */
  constructor(send: Send, newId: () => string, kept: KeptItems | null = null) {
    this.#send = send;
    this.#newId = newId;
    this.#kept = kept;
    this.#items = kept?.read() ?? [];
    for (const { clientMessageId, status } of this.#items)
      if (status === 'sending') void this.#dispatch(clientMessageId);
  }

  readonly getSnapshot = (): readonly Outgoing[] => this.#items;

  readonly subscribe = this.#listeners.add;

  /** Shows the message at once and sends it. Never rejects. */
  send(text: string, seen: Seen | null = null, whileSpeaking: WhileSpeaking = 'AUTO'): Promise<Receipt> {
    const item: Outgoing = {
      clientMessageId: this.#newId(),
      text: text.trim(),
      at: this.#now(),
      ...UNSENT,
      ...{ seen, whileSpeaking },
    };
    this.#set([...this.#items, item]);
    return this.#dispatch(item.clientMessageId);
  }

  /** Sends a failed message again with the same id: if the server has it already, nothing starts twice. As {@link send}. */
  retry(clientMessageId: string, seen: Seen | null = null): Promise<Receipt> {
    this.#update(clientMessageId, { status: 'sending', problem: null, seen });
    return this.#dispatch(clientMessageId);
  }

  /** Removes a message. */
  discard(clientMessageId: string): void {
    this.#set(this.#items.filter((it) => it.clientMessageId !== clientMessageId));
  }

  /** Call with each message that is added to the thread: its item has arrived. Items that arrived before are removed. */
  claim(message: InThread): void {
    this.#set(this.#items.filter((it) => !it.arrived || it.clientMessageId === message.clientMessageId));
    this.#arrive(message);
  }

  /**
   * Call with the last messages of the thread when it has been read: the items that they match have arrived, and those that
   * had and are not among them, such as on another branch, are removed.
   */
  settle(messages: readonly InThread[]): void {
    const ids = new Set(messages.map((it) => it.clientMessageId));
    this.#set(this.#items.filter((it) => !it.arrived || ids.has(it.clientMessageId)));
    for (const message of messages) this.#arrive(message);
  }

  #arrive({ id, clientMessageId }: InThread): void {
    if (clientMessageId === null) return;
    this.#update(clientMessageId, { status: 'sent', messageId: id, problem: null, arrived: true });
  }

  #dispatch(clientMessageId: string): Promise<Receipt> {
    const refused = { clientMessageId, isAccepted: false, isAnswered: false };
    const sent = this.#last.then(async () => {
      const item = this.#find(clientMessageId);
      if (!item) return refused;
      const result = await this.#send(item);
      if ('waits' in result && result.waits) {
        // It is among the messages that wait from now on.
        this.discard(clientMessageId);
        return { clientMessageId, isAccepted: true, isAnswered: false };
      }
      if (!('problem' in result)) {
        const messageId = result.messageId ?? this.#find(clientMessageId)?.messageId ?? null;
        this.#update(clientMessageId, { status: 'sent', messageId, turnId: result.turnId, problem: null });
        return { clientMessageId, isAccepted: true, isAnswered: result.turnId !== null };
      }
      if (this.#find(clientMessageId)?.arrived)
        return { clientMessageId, isAccepted: true, isAnswered: false };
      this.#update(clientMessageId, { status: 'failed', problem: result.problem });
      return refused;
    });
    this.#last = sent.then(() => {});
    return sent;
  }

  /** The time, after that of every item: what is kept is read in this order. */
  #now(): string {
    const last = Date.parse(this.#items.at(-1)?.at ?? '') || 0;
    return new Date(Math.max(Date.now(), last + 1)).toISOString();
  }

  #find(clientMessageId: string): Outgoing | undefined {
    return this.#items.find((it) => it.clientMessageId === clientMessageId);
  }

  #update(clientMessageId: string, change: Partial<Outgoing>): void {
    if (!this.#find(clientMessageId)) return;
    this.#set(this.#items.map((it) => (it.clientMessageId === clientMessageId ? { ...it, ...change } : it)));
  }

  #set(items: readonly Outgoing[]): void {
    this.#items = items;
    this.#kept?.write(items);
    this.#listeners.notify();
  }
}
