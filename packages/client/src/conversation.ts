import type { Client } from 'graphql-ws';
import type { ConnectionState, ConnectionStatus } from './connection-status.ts';
import {
  type ConversationStatus,
  LoadConversationDocument,
  type MessagePartsFragment,
  type QueuedPartsFragment,
  ReportActivityDocument,
  StopDocument,
  type WhileSpeaking,
} from './gql/graphql.ts';
import { Listeners } from './listeners.ts';
import { type Failure, isOpen, type LiveState, type LiveTurn } from './live-state.ts';
import { execute } from './operation.ts';
import type { Outbox, Outgoing, Receipt } from './outbox.ts';
import type { Pause } from './pause.ts';
import type { Problem } from './problem.ts';
import { problemOf } from './problem-of.ts';
import { type Reading, Session, type SessionPhase } from './session.ts';
import { applyToThread, type StoredThread } from './stored-thread.ts';
import { TypingSignal } from './typing-signal.ts';

/** A message as it is stored. */
export type Message = MessagePartsFragment;

/** A conversation as it is now. Immutable: the same object until something changes. */
export interface ConversationState {
  /** `loading` also while events that were missed are read; `idle` while no one listens; `missing` is final. */
  phase: 'idle' | 'loading' | 'live' | 'missing';
  /** Why it could not be read yet. */
  problem: Problem | null;
  connection: ConnectionState;
  title: string | null;
  /** Null before it has been read. */
  status: ConversationStatus | null;
  /** The last 50 when it was read, and all that came since; oldest first. */
  messages: readonly Message[];
  /** The answer that is being spoken, which is not among the messages yet. */
  turn: LiveTurn | null;
  /** Whether an answer is on its way that has not begun. */
  isAwaited: boolean;
  /** Messages that the server keeps until the answer being spoken has ended. */
  waiting: readonly QueuedPartsFragment[];
  /** Messages of this client that are not among {@link ConversationState.messages} yet: being sent, sent, or refused. */
  outgoing: readonly Outgoing[];
  /** Why the newest answer failed. */
  failure: Failure | null;
  /** Whether the user types in another tab or on another device. */
  typingElsewhere: boolean;
  /** Encouragement of a user who types for long. */
  nudge: string | null;
}

/** How a message is sent. */
export interface SendOptions {
  /** What it does to an answer being spoken; `AUTO` unless given: a mere acknowledgement does not interrupt it. */
  whileSpeaking?: WhileSpeaking;
}

/** The dependencies of a {@link Conversation}. */
export interface ConversationContext {
  socket: Pick<Client, 'subscribe'>;
  status: ConnectionStatus;
  outbox: Outbox;
  pause: Pause;
}

/**
 * One conversation: a store for `useSyncExternalStore` and the like. It is read and followed while someone listens, and each
 * listener finds it as it was left; what is sent is sent either way. The methods need no `this`.
 */
export class Conversation {
  readonly id: string;
  readonly #context: ConversationContext;
  readonly #typing: TypingSignal;
  readonly #listeners = new Listeners();
  #session: Session | null = null;
  #live: LiveState | null = null;
  #thread: StoredThread | null = null;
  #messages: readonly Message[] = NONE;
  #state: ConversationState;
  #offs: (() => void)[] = [];
  #loads = 0;

  constructor(id: string, context: ConversationContext) {
    this.id = id;
    this.#context = context;
    this.#typing = new TypingSignal((typing) => {
      const activity = typing ? 'TYPING' : 'NONE';
      const input = { conversationId: id, activity } as const;
      void execute(context.socket, 'ReportActivity', ReportActivityDocument, { input });
    });
    this.#state = this.#compute();
    context.outbox.subscribe(this.#refresh);
    context.status.subscribe(this.#refresh);
  }

  readonly getSnapshot = (): ConversationState => this.#state;

  /** Calls `listener` after each change. Returns a function that ends this; without listeners, the conversation is not followed. */
  readonly subscribe = (listener: () => void): (() => void) => {
    const off = this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#open();
    return () => {
      off();
      if (this.#listeners.size === 0) this.#close();
    };
  };

  /**
   * Sends a message, or lets it wait until there is a connection, also over a reload of the page. Resolves when the server has
   * accepted or refused it; a refused one is among the outgoing ones, with its problem.
   */
  readonly send = async (text: string, { whileSpeaking = 'AUTO' }: SendOptions = {}): Promise<Receipt> => {
    const { outbox } = this.#context;
    this.#typing.stop();
    // What waits does not touch what the user sees of the answer.
    const live = whileSpeaking === 'QUEUE' ? null : this.#session?.live;
    const seen = live?.hold() ?? null;
    const receipt = await outbox.send(text, seen, whileSpeaking);
    if (!receipt.isAnswered) live?.release(seen);
    return receipt;
  };

  /** Sends a refused message again, under the same `clientMessageId`. */
  readonly retry = (clientMessageId: string): void => void this.#context.outbox.retry(clientMessageId);

  /** Removes a refused message. */
  readonly discard = (clientMessageId: string): void => this.#context.outbox.discard(clientMessageId);

  /** Call when a key has changed the text that the user writes: others see that they type. */
  readonly typing = (): void => this.#typing.key();

  /** Stops the answer that is being spoken or is on its way, where the user sees it. Resolves to the problem, or null. */
  readonly stop = async (): Promise<Problem | null> => {
    const session = this.#session;
    const state = session?.live.latest;
    const turnId = isOpen(state?.turn ?? null) ? state?.turn?.id : state?.pending?.turnId;
    if (!session || !turnId) return null;
    let problem: Problem | null = null;
    await session.live.cutIn(async (seen) => {
      const input = { conversationId: this.id, turnId, ...(seen && { seen }) };
      const outcome = await execute(this.#context.socket, 'Stop', StopDocument, { input });
      const result = outcome.data?.cancelTurn;
      problem = problemOf(outcome, result)?.problem ?? null;
      if (result?.__typename === 'CancelTurnSuccess') await session.cancelled(turnId, result.interrupted);
      return problem === null;
    });
    return problem;
  };

  #open(): void {
    const { socket, outbox, pause } = this.#context;
    const session = new Session(this.id, {
      ...{ socket, outbox, pause, typing: this.#typing },
      load: () => this.#load(),
      store: (event) => {
        if (this.#thread) this.#keep(applyToThread(this.#thread, event));
      },
    });
    this.#session = session;
    const onLive = () => {
      this.#live = session.live.getSnapshot();
      this.#refresh();
    };
    this.#offs = [session.subscribe(this.#refresh), session.live.subscribe(onLive)];
    session.start();
    this.#refresh();
  }

  #close(): void {
    if (!this.#session) return;
    this.#typing.stop();
    for (const off of this.#offs.splice(0)) off();
    this.#session.stop();
    this.#session = null;
    this.#refresh();
  }

  async #load(): Promise<Reading> {
    this.#loads += 1;
    const count = this.#loads;
    const outcome = await execute(this.#context.socket, 'LoadConversation', LoadConversationDocument, {
      id: this.id,
    });
    const failed = problemOf(outcome);
    if (failed) return failed;
    const conversation = outcome.data?.conversation ?? null;
    // An older load that ends later must not undo what a newer one, and the events since, have changed.
    if (count === this.#loads) this.#keep(conversation);
    return { conversation };
  }

  #keep(thread: StoredThread | null): void {
    if (thread?.messages !== this.#thread?.messages) this.#messages = shownIn(thread);
    this.#thread = thread;
  }

  readonly #refresh = (): void => {
    this.#state = this.#compute();
    this.#listeners.notify();
  };

  #compute(): ConversationState {
    const { outbox, status } = this.#context;
    const thread = this.#thread;
    const messages = this.#messages;
    const ids = new Set(messages.map(({ id }) => id));
    const turn = this.#live?.turn ?? null;
    const waiting = thread?.queuedMessages ?? NONE;
    const shown = new Set([...messages, ...waiting].map(({ clientMessageId }) => clientMessageId));
    const outgoing = outbox.getSnapshot().filter(({ clientMessageId }) => !shown.has(clientMessageId));
    const isSpoken = isOpen(turn) && !ids.has(turn.id);
    return {
      ...phaseOf(this.#session?.getPhase()),
      connection: status.getSnapshot(),
      title: thread?.title ?? null,
      status: thread?.status ?? null,
      messages,
      turn: isSpoken ? turn : null,
      isAwaited:
        !isSpoken && (Boolean(this.#live?.pending) || outgoing.some(({ turnId }) => turnId !== null)),
      waiting,
      outgoing,
      failure: this.#live?.failure ?? null,
      typingElsewhere: this.#live?.typingElsewhere ?? false,
      nudge: this.#live?.nudge ?? null,
    };
  }
}

const NONE: readonly never[] = [];

/** Without answers that have no text. */
function shownIn(thread: StoredThread | null): readonly Message[] {
  return thread?.messages.nodes.filter(({ role, content }) => role === 'USER' || content !== '') ?? NONE;
}

function phaseOf(phase: SessionPhase | undefined): Pick<ConversationState, 'phase' | 'problem'> {
  if (!phase || phase.name === 'stopped') return { phase: 'idle', problem: null };
  return { phase: phase.name, problem: phase.name === 'loading' ? phase.problem : null };
}
