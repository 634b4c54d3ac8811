import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Data } from '../support/harness.ts';
import { EVENTS } from '../support/operations.ts';

/** Time between two attempts to listen again, in milliseconds. */
const RECONNECT_MS = 100;

/**
 * A client as a third party would write one: it listens, notes its cursor, and when its connection is lost it resumes after
 * that cursor at the next server. It checks the events as they arrive.
 */
export class FaithfulListener {
  readonly events: Data[] = [];
  /** The number of events heard, cleared or not. */
  count = 0;
  /** The violations found in the events, in words; empty if all is well. */
  readonly faults: string[] = [];
  readonly texts = new Map<string, string>();
  /** The terminal event of each turn that was heard to its end. */
  readonly endings = new Map<string, Data>();
  readonly #messages = new Set<string>();
  resets = 0;
  /** How often a connection was lost or a subscription ended. */
  interruptions = 0;
  readonly #servers: () => readonly string[];
  readonly #conversationId: string;
  #cursor: string;
  #attempt: number;
  #stopped = false;
  /** The number of the current connection; events of an earlier one are ignored. */
  #listening = 0;
  #leave: () => void = () => {};
  #waiting: (() => void)[] = [];
  readonly #running: Promise<void>;

  constructor(servers: () => readonly string[], conversationId: string, after: string, first = 0) {
    this.#servers = servers;
    this.#conversationId = conversationId;
    this.#cursor = after;
    this.#attempt = first;
    this.#running = this.#run();
  }

  /** Resolves with the first event, past or future, that satisfies the predicate. */
  async heard(predicate: (event: Data) => boolean): Promise<Data> {
    let seen = 0;
    while (true) {
      for (; seen < this.events.length; seen++) if (predicate(this.events[seen])) return this.events[seen];
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  ended(turnId: string): Promise<Data> {
    return this.heard((event) => event.turnId === turnId && ENDINGS.has(event.__typename));
  }

  /** Drops the events so far and the texts of finished turns, which would fill the memory in a run of hours. */
  clear(): void {
    this.events.length = 0;
    for (const turnId of this.texts.keys()) if (this.endings.has(turnId)) this.texts.delete(turnId);
  }

  /** The last event that it handled. */
  get cursor(): string {
    return this.#cursor;
  }

  /** As when the network changes. */
  reconnect(): void {
    this.#leave();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#leave();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      await this.#listen();
      if (this.#stopped) return;
      this.interruptions += 1;
      this.#attempt += 1;
      await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
    }
  }

  async #listen(): Promise<void> {
    const servers = this.#servers();
    const url = servers[this.#attempt % servers.length];
    if (!url) return;
    this.#listening += 1;
    const listening = this.#listening;
    const client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    await new Promise<void>((resolve) => {
      this.#leave = resolve;
      client.subscribe(
        { query: EVENTS, variables: { conversationId: this.#conversationId, after: this.#cursor } },
        {
          next: ({ data, errors }) => (data ? this.#hear(data.conversationEvents, listening) : void errors),
          error: () => resolve(),
          complete: () => resolve(),
        },
      );
    });
    await Promise.resolve(client.dispose()).catch(() => {});
  }

  #hear(event: Data, listening: number): void {
    if (this.#stopped || !event || listening !== this.#listening) return;
    this.#cursor = event.cursor;
    this.events.push(event);
    this.count += 1;
    this.#check(event);
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #check({ __typename: type, turnId, offset, text, ...event }: Data): void {
    if (type === 'FeedReset') {
      this.resets += 1;
      for (const open of [...this.texts.keys()]) if (!this.endings.has(open)) this.texts.delete(open);
      return;
    }
    if (type === 'MessageAdded') {
      const { id } = event.message;
      if (this.#messages.has(id)) this.faults.push(`heard twice: the message ${id}`);
      this.#messages.add(id);
    }
    if (!turnId) return;
    if (this.endings.has(turnId))
      return void this.faults.push(`heard twice: ${type} of a turn that was over`);
    if (type === 'TurnStarted') {
      if (this.texts.has(turnId)) this.faults.push('a turn started twice');
      this.texts.set(turnId, '');
    } else if (type === 'TurnTextAdded') {
      const before = this.texts.get(turnId);
      if (before === undefined) return;
      if (offset < before.length) this.faults.push(`heard twice: ${JSON.stringify(text)} at ${offset}`);
      if (offset > before.length) this.faults.push(`lost: ${offset - before.length} characters`);
      this.texts.set(turnId, before.slice(0, offset) + text);
    } else if (ENDINGS.has(type)) {
      const before = this.texts.get(turnId);
      const message = event.message ?? event.partial;
      if (message && before !== undefined && message.content !== before)
        this.faults.push(`ended with ${JSON.stringify(message.content)} after ${JSON.stringify(before)}`);
      this.endings.set(turnId, { type, content: message?.content ?? before, code: event.failure?.code });
    }
  }
}

const ENDINGS = new Set(['TurnCompleted', 'TurnInterrupted', 'TurnFailed']);
