import type { Client as SocketClient } from 'graphql-ws';
import { backoff } from './backoff.ts';
import { follow } from './follow.ts';
import type { MessagePartsFragment } from './gql/graphql.ts';
import { Listeners } from './listeners.ts';
import { type ConversationEvent, type LoadedState, liveStateOf } from './live-state.ts';
import { LiveStore, type Schedule } from './live-store.ts';
import type { Outbox } from './outbox.ts';
import type { Pause } from './pause.ts';
import type { Problem } from './problem.ts';
import { awaitTurn, endTurn, reduce } from './reduce.ts';
import type { TypingSignal } from './typing-signal.ts';

/** `loading` while the conversation is read, also again after events were missed. `missing` and `stopped` are final. */
export type SessionPhase =
  | { name: 'loading'; problem: Problem | null }
  | { name: 'live' }
  | { name: 'missing' }
  | { name: 'stopped' };

/** What came of reading a conversation; null: it does not exist. `waitMs`: after which the server takes another call. */
export type Reading = { conversation: LoadedState | null } | { problem: Problem; waitMs: number };

/** The dependencies of a {@link Session}, which owns none of them. */
export interface SessionContext {
  /** Reads the conversation, and keeps what is stored of it where the reader of the session looks. Never rejects. */
  load(conversationId: string): Promise<Reading>;
  /** Applies an event to what {@link SessionContext.load} has kept; of text nothing is stored before its turn ends. */
  store(event: ConversationEvent): void;
  socket: Pick<SocketClient, 'subscribe'>;
  outbox: Pick<Outbox, 'claim' | 'settle'>;
  typing: Pick<TypingSignal, 'isOwn'>;
  pause: Pause;
  schedule?: Schedule;
}

/**
 * One open conversation: loads it, then follows its feed from the cursor of the load, as long as it is open. Stored data
 * goes to the context, the live state to {@link Session.live}. Loading and following never run at the same time, so that a
 * load cannot undo the change of a newer event.
 */
export class Session {
  readonly live: LiveStore;
  readonly #conversationId: string;
  readonly #context: SessionContext;
  readonly #listeners = new Listeners();
  #phase: SessionPhase = { name: 'loading', problem: null };
  #unfollow = () => {};
  /** How many in a row, without an event in between. */
  #reloads = 0;
  #readings = 0;

  constructor(conversationId: string, context: SessionContext) {
    this.#conversationId = conversationId;
    this.#context = context;
    this.live = new LiveStore(context.schedule);
  }

  readonly getPhase = (): SessionPhase => this.#phase;

  readonly subscribe = this.#listeners.add;

  /** Call once; a stopped session stays stopped. */
  start(): void {
    void this.#load();
  }

  /** Idempotent. */
  stop(): void {
    this.#unfollow();
    this.live.stop();
    this.#setPhase({ name: 'stopped' });
  }

  /** Call when the server has accepted that turn `turnId` answers `messageId` again (null: that it greets again). */
  accepted(turnId: string, messageId: string | null): void {
    const state = this.live.latest;
    if (state) this.live.set(awaitTurn(state, turnId, messageId), true);
  }

  /**
   * Call when the server has accepted a cancel of turn `turnId`, and stored `partial` of it; null: nothing, or it is not
   * known yet. A turn that has begun gets its terminal event; one that has not gets none, so the conversation is read again.
   */
  async cancelled(turnId: string, partial: MessagePartsFragment | null): Promise<void> {
    const state = this.live.latest;
    if (!state) return;
    if (partial) {
      this.live.set(endTurn(state, partial), true);
    } else if (state.turn?.id !== turnId && !state.endedTurns.includes(turnId)) {
      this.#dropPending(turnId);
      await this.reload();
      // The load may have started before the cancel, and so have read the turn as pending.
      this.#dropPending(turnId);
    }
  }

  /** Reads the conversation again, then follows it from there. Never rejects. */
  async reload(): Promise<void> {
    if (this.#stopped) return;
    this.#unfollow();
    this.#setPhase({ name: 'loading', problem: null });
    const again = this.#reloads;
    this.#reloads += 1;
    await this.#load(again > 0 ? backoff(again) : 0);
  }

  /** Loads after a pause of `wait` milliseconds. A newer load replaces one that is not finished. */
  async #load(wait = 0): Promise<void> {
    this.#readings += 1;
    const count = this.#readings;
    const isOver = () => this.#stopped || count !== this.#readings;
    if (wait > 0) await this.#context.pause(wait);
    for (let attempt = 0; !isOver(); attempt += 1) {
      const reading = await this.#context.load(this.#conversationId);
      if (isOver()) return;
      if ('problem' in reading) {
        this.#setPhase({ name: 'loading', problem: reading.problem });
        await this.#context.pause(Math.max(backoff(attempt), reading.waitMs));
        continue;
      }
      if (!reading.conversation) return this.#setPhase({ name: 'missing' });
      this.#context.outbox.settle(reading.conversation.messages.nodes);
      this.live.set(liveStateOf(reading.conversation), true);
      return this.#follow(reading.conversation.latestEventCursor);
    }
  }

  #follow(after: string): void {
    this.#setPhase({ name: 'live' });
    this.#unfollow = follow({
      client: this.#context.socket,
      conversationId: this.#conversationId,
      after,
      pause: this.#context.pause,
      onEvent: (event) => this.#handle(event),
      onRefused: () => void this.reload(),
    });
  }

  #handle(event: ConversationEvent): void {
    const state = this.live.latest;
    if (!state) return;
    const next = reduce(state, event, this.#context.typing.isOwn);
    if (event.__typename === 'MessageAdded') this.#context.outbox.claim(event.message);
    const isText = event.__typename === 'TurnTextAdded';
    if (!isText) this.#context.store(event);
    this.live.set(next, !isText);
    if (next.stale) void this.reload();
    else this.#reloads = 0;
  }

  #dropPending(turnId: string): void {
    const state = this.live.latest;
    if (state?.pending?.turnId === turnId) this.live.set({ ...state, pending: null }, true);
  }

  get #stopped(): boolean {
    return this.#phase.name === 'stopped';
  }

  #setPhase(phase: SessionPhase): void {
    if (this.#stopped) return;
    this.#phase = phase;
    this.#listeners.notify();
  }
}
