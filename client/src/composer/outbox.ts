import type { Problem } from '../graphql/problem.ts';

/** A message on its way. `sent`: the server has it, and it will appear in the thread. */
export interface Outgoing {
  clientMessageId: string;
  text: string;
  /** RFC 3339. */
  at: string;
  status: 'sending' | 'sent' | 'failed';
  /** Its id in the thread; null while that is not known. */
  messageId: string | null;
  /** The turn that answers it; null while that is not known. */
  turnId: string | null;
  /** Set when failed. */
  problem: Problem | null;
  /** Its message has come into the thread, or is about to in this very instant. */
  arrived: boolean;
}

/** Where the server has put a message. Both are null where it does not say. */
export interface Accepted {
  messageId: string | null;
  turnId: string | null;
}

/** Sends one message; safe to repeat with the same `clientMessageId`. Never rejects. */
export type Send = (text: string, clientMessageId: string) => Promise<Accepted | { problem: Problem }>;

/** What of a message in the thread matters here. */
export interface InThread {
  id: string;
  clientMessageId: string | null;
}

/**
 * The messages of one conversation that the user has sent and the thread does not show yet, oldest first. They go out one
 * after the other. A message in the thread is matched by its `clientMessageId` alone, whatever became of the request that
 * sent it. From then on `messageId` names both: show the item only while the thread lacks it, and nothing is ever seen
 * twice, or gone for a moment.
 */
export class Outbox {
  readonly #send: Send;
  readonly #newId: () => string;
  readonly #listeners = new Set<() => void>();
  #items: readonly Outgoing[] = [];
  #last: Promise<void> = Promise.resolve();

  /** `newId` returns another UUID each time. */
  constructor(send: Send, newId: () => string) {
    this.#send = send;
    this.#newId = newId;
  }

  readonly getSnapshot = (): readonly Outgoing[] => this.#items;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Shows the message at once and sends it. */
  send(text: string): void {
    const item: Outgoing = {
      clientMessageId: this.#newId(),
      text: text.trim(),
      at: new Date().toISOString(),
      status: 'sending',
      messageId: null,
      turnId: null,
      problem: null,
      arrived: false,
    };
    this.#set([...this.#items, item]);
    this.#dispatch(item.clientMessageId);
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

  /** A message comes into the thread: if it is one of these, that one has arrived. Those that arrived before are forgotten. */
  claim(message: InThread): void {
    this.#set(this.#items.filter((it) => !it.arrived || it.clientMessageId === message.clientMessageId));
    this.#arrive(message);
  }

  /** The thread has been read, and ends with these messages: what is among them has arrived. */
  settle(messages: readonly InThread[]): void {
    for (const message of messages) this.#arrive(message);
  }

  #arrive({ id, clientMessageId }: InThread): void {
    if (clientMessageId === null) return;
    this.#update(clientMessageId, { status: 'sent', messageId: id, problem: null, arrived: true });
  }

  #dispatch(clientMessageId: string): void {
    this.#last = this.#last.then(async () => {
      const item = this.#find(clientMessageId);
      if (!item) return;
      const result = await this.#send(item.text, clientMessageId);
      if (!('problem' in result)) {
        const messageId = result.messageId ?? this.#find(clientMessageId)?.messageId ?? null;
        this.#update(clientMessageId, { status: 'sent', messageId, turnId: result.turnId, problem: null });
      } else if (!this.#find(clientMessageId)?.arrived) {
        this.#update(clientMessageId, { status: 'failed', problem: result.problem });
      }
    });
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
    for (const listener of this.#listeners) listener();
  }
}
