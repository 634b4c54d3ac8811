import type { Client as UrqlClient } from '@urql/core';
import type { Client as SocketClient } from 'graphql-ws';
import type { Outbox } from '../composer/outbox.ts';
import type { TypingSignal } from '../composer/typing-signal.ts';
import { ConversationEventsDocument, LoadThreadDocument } from '../gql/graphql.ts';
import { backoff } from '../graphql/backoff.ts';
import type { Pause } from '../graphql/pause.ts';
import { type Problem, problemOf } from '../graphql/problem.ts';
import { push } from '../graphql/pushed-exchange.ts';
import { follow } from './follow.ts';
import { heardOfFailed } from './heard-of-failed.ts';
import { type ConversationEvent, liveStateOf } from './live-state.ts';
import { LiveStore, type Schedule } from './live-store.ts';
import { endTurn, reduce } from './reduce.ts';
import { unanswered } from './unanswered.ts';

/** `loading` until the conversation has been read once, or again after something was missed. `missing` and `stopped` are final. */
export type SessionPhase =
  | { name: 'loading'; problem: Problem | null }
  | { name: 'live' }
  | { name: 'missing' }
  | { name: 'stopped' };

/** What a {@link Session} stands on; it owns none of it. */
export interface SessionContext {
  urql: UrqlClient;
  socket: Pick<SocketClient, 'subscribe'>;
  outbox: Pick<Outbox, 'claim' | 'settle'>;
  typing: Pick<TypingSignal, 'isOwn'>;
  pause: Pause;
  schedule?: Schedule;
}

/**
 * One open conversation: reads it, then follows its feed from where the reading ended, for as long as it is open. What is
 * stored goes to the cache, what is live to {@link Session.live}. Reading and following never run at the same time, so that
 * a reading cannot undo what a newer event has told.
 */
export class Session {
  readonly live: LiveStore;
  readonly #conversationId: string;
  readonly #context: SessionContext;
  readonly #listeners = new Set<() => void>();
  #phase: SessionPhase = { name: 'loading', problem: null };
  #unfollow = () => {};
  #reloads = 0;

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

  /** Once; a stopped session stays stopped. */
  start(): void {
    void this.#load();
  }

  /** Idempotent. */
  stop(): void {
    this.#unfollow();
    this.live.stop();
    this.#setPhase({ name: 'stopped' });
  }

  /** The server has said that the open answer was cut off, with this text; the feed may say so later. */
  cut(turnId: string, content: string): void {
    const state = this.live.latest;
    if (state) this.live.set(endTurn(state, turnId, content), true);
  }

  async #load(): Promise<void> {
    for (let attempt = 0; !this.#stopped; attempt += 1) {
      const { data, error } = await this.#context.urql
        .query(LoadThreadDocument, { id: this.#conversationId }, { requestPolicy: 'network-only' })
        .toPromise();
      if (this.#stopped) return;
      if (data?.conversation) {
        const messages = data.conversation.messages.edges.map((edge) => edge.node);
        this.#context.outbox.settle(messages);
        const live = liveStateOf(data.conversation);
        const failure = live.failure ?? unanswered(messages, live.turn !== null, Date.now());
        this.live.set({ ...live, failure }, true);
        this.#follow(data.conversation.latestCursor);
        return;
      }
      if (data && !error) {
        this.#setPhase({ name: 'missing' });
        return;
      }
      this.#setPhase({ name: 'loading', problem: problemOf(error, undefined) });
      await this.#context.pause(backoff(attempt));
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
      onRefused: () => void this.#reload(),
    });
  }

  #handle(event: ConversationEvent): void {
    const state = this.live.latest;
    if (!state) return;
    const next = reduce(state, event, this.#context.typing.isOwn);
    if (event.__typename === 'MessageAdded') this.#context.outbox.claim(event.message);
    const told = event.__typename === 'AiError' ? heardOfFailed(event, next.turn) : event;
    if (told && STORED.has(told.__typename)) {
      const variables = { conversationId: this.#conversationId, after: event.cursor };
      void push(this.#context.urql, ConversationEventsDocument, variables, { conversationEvents: told });
    }
    this.live.set(next, event.__typename !== 'AiToken');
    if (next.stale) void this.#reload();
    else this.#reloads = 0;
  }

  async #reload(): Promise<void> {
    this.#unfollow();
    this.#setPhase({ name: 'loading', problem: null });
    const again = this.#reloads;
    this.#reloads += 1;
    if (again > 0) await this.#context.pause(backoff(again));
    await this.#load();
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

/** The events that change what is stored, and so the cache. */
const STORED: ReadonlySet<ConversationEvent['__typename']> = new Set([
  'MessageAdded',
  'AiDone',
  'AiInterrupted',
  'TitleUpdated',
  'ModelSelected',
  'ConversationEnded',
]);
