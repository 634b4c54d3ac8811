import type { Client as UrqlClient } from '@urql/core';
import type { Client as SocketClient } from 'graphql-ws';
import type { Outbox } from '../composer/outbox.ts';
import type { TypingSignal } from '../composer/typing-signal.ts';
import { ConversationEventsDocument, LoadThreadDocument, type MessagePartsFragment } from '../gql/graphql.ts';
import { backoff } from '../graphql/backoff.ts';
import type { Pause } from '../graphql/pause.ts';
import { limitedFor, type Problem, problemOf } from '../graphql/problem.ts';
import { push } from '../graphql/pushed-exchange.ts';
import { follow } from './follow.ts';
import { type ConversationEvent, liveStateOf } from './live-state.ts';
import { LiveStore, type Schedule } from './live-store.ts';
import { awaitTurn, endTurn, reduce } from './reduce.ts';

/** `loading` while the conversation is read, also again after events were missed. `missing` and `stopped` are final. */
export type SessionPhase =
  | { name: 'loading'; problem: Problem | null }
  | { name: 'live' }
  | { name: 'missing' }
  | { name: 'stopped' };

/** The dependencies of a {@link Session}, which owns none of them. */
export interface SessionContext {
  urql: UrqlClient;
  socket: Pick<SocketClient, 'subscribe'>;
  outbox: Pick<Outbox, 'claim' | 'settle'>;
  typing: Pick<TypingSignal, 'isOwn'>;
  pause: Pause;
  schedule?: Schedule;
}

/**
 * One open conversation: loads it, then follows its feed from the cursor of the load, as long as it is open. Stored data
 * goes to the cache, the live state to {@link Session.live}. Loading and following never run at the same time, so that a
 * load cannot undo the change of a newer event.
 */
export class Session {
  readonly live: LiveStore;
  readonly #conversationId: string;
  readonly #context: SessionContext;
  readonly #listeners = new Set<() => void>();
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

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

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
    const reading = this.#readings;
    const isOver = () => this.#stopped || reading !== this.#readings;
    if (wait > 0) await this.#context.pause(wait);
    for (let attempt = 0; !isOver(); attempt += 1) {
      const { data, error } = await this.#context.urql
        .query(LoadThreadDocument, { id: this.#conversationId }, { requestPolicy: 'network-only' })
        .toPromise();
      if (isOver()) return;
      if (data?.conversation) {
        this.#context.outbox.settle(data.conversation.messages.nodes);
        this.live.set(liveStateOf(data.conversation), true);
        this.#follow(data.conversation.latestEventCursor);
        return;
      }
      if (data && !error) {
        this.#setPhase({ name: 'missing' });
        return;
      }
      this.#setPhase({ name: 'loading', problem: problemOf(error, undefined) });
      await this.#context.pause(Math.max(backoff(attempt), limitedFor(error?.graphQLErrors ?? [])));
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
    if (STORED.has(event.__typename)) {
      const variables = { conversationId: this.#conversationId, after: event.cursor };
      void push(this.#context.urql, ConversationEventsDocument, variables, { conversationEvents: event });
    }
    this.live.set(next, event.__typename !== 'TurnTextAdded');
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
    for (const listener of this.#listeners) listener();
  }
}

/** The events that change stored data, and so the cache. */
const STORED: ReadonlySet<ConversationEvent['__typename']> = new Set([
  'MessageAdded',
  'TurnStarted',
  'TurnCompleted',
  'TurnInterrupted',
  'TurnFailed',
  'ConversationUpdated',
  'ConversationEnded',
]);
