import type { Problem } from '../graphql/problem.ts';

/** A message on its way. `sent`: the server has it, and it will appear in the thread under `messageId`. */
export interface Outgoing {
  clientMessageId: string;
  text: string;
  /** RFC 3339. */
  at: string;
  status: 'sending' | 'sent' | 'failed';
  messageId: string | null;
  /** Set when failed. */
  problem: Problem | null;
  /** The last message that the thread showed when this one was sent; null: none. */
  after: string | null;
  /** Its message has come into the thread, or is about to in this very instant. */
  arrived: boolean;
}

/** Sends one message; safe to repeat with the same `clientMessageId`. Never rejects. */
export type Send = (
  text: string,
  clientMessageId: string,
) => Promise<{ messageId: string } | { problem: Problem }>;

/**
 * The messages of one conversation that the user has sent and the thread does not show yet, oldest first. They go out one
 * after the other. Once the real message is in the thread, `messageId` tells the two to be one: show the item only while the thread
 * lacks it, and nothing is ever seen twice, or gone for a moment.
 */
export class Outbox {
  readonly #send: Send;
  readonly #newId: () => string;
  readonly #listeners = new Set<() => void>();
  #items: readonly Outgoing[] = [];
  #last: Promise<void> = Promise.resolve();

  constructor(send: Send, newId: () => string) {
    this.#send = send;
    this.#newId = newId;
  }

  readonly getSnapshot = (): readonly Outgoing[] => this.#items;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Shows the message at once and sends it. `after`: the id of the last message in the thread, null when there is none. */
  send(text: string, after: string | null): void {
    const clientMessageId = this.#newId();
    const at = new Date().toISOString();
    this.#set([
      ...this.#items,
      {
        clientMessageId,
        text: text.trim(),
        at,
        status: 'sending',
        messageId: null,
        problem: null,
        after,
        arrived: false,
      },
    ]);
    this.#dispatch(clientMessageId);
  }

  /** Sends a failed message again, under the same id: if it had arrived after all, nothing starts twice. */
  retry(clientMessageId: string): void {
    this.#update(clientMessageId, { status: 'sending', problem: null });
    this.#dispatch(clientMessageId);
  }

  /** Forgets a message. */
  discard(clientMessageId: string): void {
    this.#set(this.#items.filter((it) => it.clientMessageId !== clientMessageId));
  }

  /**
   * A message comes into the thread: if it is one of these, that one has arrived. A message says nothing of its
   * clientMessageId, so one whose id is not known yet is told by its text. Those that arrived before are forgotten.
   */
  claim(message: InThread): void {
    const mine =
      this.#items.find((it) => it.messageId === message.id) ??
      this.#items.find((it) => it.messageId === null && isThe(message, it));
    this.#set(this.#items.filter((it) => !it.arrived || it === mine));
    if (mine) {
      this.#update(mine.clientMessageId, {
        status: 'sent',
        messageId: message.id,
        problem: null,
        arrived: true,
      });
    }
  }

  /** The thread has been read, and ends with these messages: what is among them, after what was there before it, has arrived. */
  settle(messages: readonly InThread[]): void {
    const taken = new Set(this.#items.map((it) => it.messageId));
    for (const item of this.#items) {
      const known = messages.findIndex((it) => it.id === item.after);
      const match = messages
        .slice(known + 1)
        .find((it) =>
          item.messageId === null ? !taken.has(it.id) && isThe(it, item) : it.id === item.messageId,
        );
      if (!match) continue;
      taken.add(match.id);
      this.#update(item.clientMessageId, {
        status: 'sent',
        messageId: match.id,
        problem: null,
        arrived: true,
      });
    }
  }

  #dispatch(clientMessageId: string): void {
    this.#last = this.#last.then(async () => {
      const item = this.#find(clientMessageId);
      if (!item) return;
      const result = await this.#send(item.text, clientMessageId);
      if ('messageId' in result) {
        const { messageId } = result;
        this.#update(clientMessageId, { status: 'sent', messageId, problem: null });
      } else if (!this.#find(clientMessageId)?.arrived) {
        this.#update(clientMessageId, { status: 'failed', problem: result.problem });
      }
    });
  }

  #find(clientMessageId: string): Outgoing | undefined {
    return this.#items.find((it) => it.clientMessageId === clientMessageId);
  }

  #update(clientMessageId: string, change: Partial<Outgoing>): void {
    this.#set(this.#items.map((it) => (it.clientMessageId === clientMessageId ? { ...it, ...change } : it)));
  }

  #set(items: readonly Outgoing[]): void {
    this.#items = items;
    for (const listener of this.#listeners) listener();
  }
}

/** What of a message matters here. */
interface InThread {
  id: string;
  role: string;
  content: string;
}

function isThe(message: InThread, item: Outgoing): boolean {
  return message.role === 'USER' && message.content.trim() === item.text;
}
