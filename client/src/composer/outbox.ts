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
  /** Whether its message is in the thread, or is just being added to it. */
  arrived: boolean;
}

/** The ids that the server gave to a message and its turn; null if it did not return them. */
interface Accepted {
  messageId: string | null;
  turnId: string | null;
}

/** Sends one message; safe to repeat with the same `clientMessageId`. Never rejects. */
export type Send = (text: string, clientMessageId: string) => Promise<Accepted | { problem: Problem }>;

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
  readonly #listeners = new Set<() => void>();
  #items: readonly Outgoing[] = [];
  #last: Promise<void> = Promise.resolve();

  /** `newId` returns another UUID each time. What was on its way when it was kept is sent again, with the same id. */
  constructor(send: Send, newId: () => string, kept: KeptItems | null = null) {
    this.#send = send;
    this.#newId = newId;
    this.#kept = kept;
    this.#items = kept?.read() ?? [];
    for (const { clientMessageId, status } of this.#items)
      if (status === 'sending') this.#dispatch(clientMessageId);
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

  /** Sends a failed message again with the same id: if the server has it already, nothing starts twice. */
  retry(clientMessageId: string): void {
    this.#update(clientMessageId, { status: 'sending', problem: null });
    this.#dispatch(clientMessageId);
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

  /** Call with the last messages of the thread when it has been read: the items that they match have arrived. */
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
    this.#kept?.write(items);
    for (const listener of this.#listeners) listener();
  }
}
