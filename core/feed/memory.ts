import { randomBytes } from 'node:crypto';
import type { InterruptionReason } from '../conversation/vocabulary.ts';
import { type BufferBounds, DEFAULT_BOUNDS } from './event-buffer.ts';
import type {
  FeedEvent,
  FeedEventBody,
  HeardEvent,
  LooseEventBody,
  Position,
  TerminalEventBody,
} from './events.ts';
import {
  type BeginOutcome,
  type CloseOutcome,
  DEFAULT_RETENTION,
  type Feed,
  type FeedRetention,
  type FeedState,
  type InterruptedTurn,
  type ListenOptions,
  type NewTurn,
  type OpenTurn,
  type SpeakOutcome,
  type ThinkOutcome,
  type TurnEnding,
  type TurnRef,
  type TurnWatcher,
} from './feed.ts';
import { type RetainedBounds, RetainedEvents } from './retained-events.ts';
import { type Detach, type FeedLog, type FeedTail, followFeed, type LiveListener } from './subscription.ts';

export interface MemoryFeedOptions {
  retention?: Partial<FeedRetention>;
  bounds?: Partial<BufferBounds>;
  /** How many conversations are kept at most; beyond it those that were quiet longest are forgotten first. */
  conversations?: number;
  /** Unix milliseconds. */
  now?: () => number;
}

/**
 * The feed of a single process: nothing is shared, and nothing outlives it. Every operation runs to its end in one
 * turn of the event loop, which is what makes it atomic.
 */
export class MemoryFeed implements Feed, FeedLog {
  readonly #retention: FeedRetention;
  readonly #bounds: BufferBounds;
  readonly #capacity: number;
  readonly #now: () => number;
  /** In the order of their last event: the first is the one that was quiet longest. */
  readonly #logs = new Map<string, ConversationLog>();
  readonly #listeners = new Map<string, Set<LiveListener>>();
  readonly #fences = new Map<string, Set<() => void>>();

  constructor(options: MemoryFeedOptions = {}) {
    this.#retention = { ...DEFAULT_RETENTION, ...options.retention };
    this.#bounds = { ...DEFAULT_BOUNDS, ...options.bounds };
    this.#capacity = options.conversations ?? 10_000;
    this.#now = options.now ?? Date.now;
  }

  async begin(
    conversationId: string,
    { spoken, ...turn }: NewTurn,
    events: readonly LooseEventBody[] = [],
  ): Promise<BeginOutcome> {
    const log = this.#open(conversationId);
    if (log.turn?.id === turn.id) return { outcome: 'opened', turn: { ...log.turn } };
    if (log.newestTurn === turn.id) return { outcome: 'ended' };
    if (log.newestTurn !== null && log.newestTurn > turn.id) {
      for (const event of events) this.#append(conversationId, log, event);
      return { outcome: 'superseded', by: log.newestTurn };
    }
    if (log.turn) return { outcome: 'busy', with: log.turn.id };

    for (const event of events) this.#append(conversationId, log, event);
    const { seq: startSeq, at: startedAt } = this.#append(conversationId, log, {
      type: 'TurnStarted',
      turnId: turn.id,
      cause: turn.cause,
      model: turn.model,
      ...(turn.fallback && { fallback: turn.fallback }),
    });
    log.newestTurn = turn.id;
    log.turn = { ...turn, epoch: log.epoch, speaker: 0, text: '', tokens: 0, startSeq, startedAt };
    if (spoken && spoken.text !== '') this.#say(conversationId, log, log.turn, spoken.text, spoken.tokens);
    return { outcome: 'opened', turn: { ...log.turn } };
  }

  async claim(
    conversationId: string,
    turnId: string,
    from?: Pick<TurnRef, 'epoch' | 'speaker'>,
  ): Promise<OpenTurn | null> {
    const turn = this.#logs.get(conversationId)?.turn;
    if (turn?.id !== turnId) return null;
    if (from && turn.speaker !== (turn.epoch === from.epoch ? from.speaker : 0)) return null;
    turn.speaker += 1;
    return { ...turn };
  }

  async speak(conversationId: string, ref: TurnRef, text: string, tokens: number): Promise<SpeakOutcome> {
    const log = this.#logs.get(conversationId);
    if (log?.epoch !== ref.epoch) return 'lost';
    if (!mayBeSpoken(log.turn, ref)) return 'fenced';
    this.#say(conversationId, log, log.turn, text, tokens);
    return 'spoken';
  }

  async think(conversationId: string, ref: TurnRef, seconds: number): Promise<ThinkOutcome> {
    const log = this.#logs.get(conversationId);
    if (log?.epoch !== ref.epoch) return 'lost';
    if (!mayBeSpoken(log.turn, ref)) return 'fenced';
    this.#append(conversationId, log, { type: 'TurnThinking', turnId: ref.id, seconds });
    return 'published';
  }

  async close(conversationId: string, ref: TurnRef, ending: TurnEnding): Promise<CloseOutcome> {
    const log = this.#logs.get(conversationId);
    if (log?.epoch !== ref.epoch) return { outcome: 'lost' };
    if (!mayBeSpoken(log.turn, ref)) return { outcome: 'fenced' };
    const { id: turnId, model, text, tokens } = log.turn;
    this.#end(conversationId, log, { ...ending, turnId, model, text });
    return { outcome: 'closed', text, tokens };
  }

  async interrupt(
    conversationId: string,
    reason: InterruptionReason,
    only?: { turnId: string },
  ): Promise<InterruptedTurn | null> {
    const log = this.#logs.get(conversationId);
    if (!log?.turn || (only && only.turnId !== log.turn.id)) return null;
    const { id, cause, model, text, tokens } = log.turn;
    this.#end(conversationId, log, { type: 'TurnInterrupted', turnId: id, model, text, tokens, reason });
    return { id, cause, model, text, tokens };
  }

  async append(conversationId: string, events: readonly LooseEventBody[]): Promise<Position> {
    const log = this.#open(conversationId);
    for (const event of events) this.#append(conversationId, log, event);
    return log.position;
  }

  async state(conversationId: string): Promise<FeedState> {
    const log = this.#open(conversationId);
    return { ...log.position, turn: log.turn && { ...log.turn } };
  }

  async endingOf(conversationId: string, turnId: string): Promise<TerminalEventBody | null> {
    return this.#logs.get(conversationId)?.events.findLast(isEndingOf(turnId)) ?? null;
  }

  subscribe(conversationId: string, options: ListenOptions = {}): AsyncIterableIterator<HeardEvent> {
    return followFeed(this, conversationId, { ...options, bounds: this.#bounds, now: this.#now });
  }

  async watchTurn(
    conversationId: string,
    turnId: string,
    { onFenced, onLost }: TurnWatcher,
  ): Promise<() => void> {
    const log = this.#logs.get(conversationId);
    if (log?.turn?.id === turnId) return register(this.#fences, turnId, onFenced);
    if ((log?.newestTurn ?? '') >= turnId) onFenced();
    else onLost();
    return () => {};
  }

  async remove(conversationId: string): Promise<void> {
    this.#forget(conversationId);
    for (const listener of [...(this.#listeners.get(conversationId) ?? [])]) listener('removed');
  }

  async stop(): Promise<void> {
    for (const listeners of [...this.#listeners.values()])
      for (const listener of [...listeners]) listener('removed');
    this.#fences.clear();
  }

  async attach(conversationId: string, listener: LiveListener): Promise<Detach> {
    return register(this.#listeners, conversationId, listener);
  }

  async read(conversationId: string, after: Position | null): Promise<FeedTail> {
    const log = this.#open(conversationId);
    const events = after?.epoch === log.epoch ? log.events.after(after.seq) : null;
    return {
      ...log.position,
      retained: events !== null,
      events: events ?? [],
      turn: log.turn && { ...log.turn },
    };
  }

  #say(conversationId: string, log: ConversationLog, turn: OpenTurn, text: string, tokens: number): void {
    const offset = turn.text.length;
    turn.text += text;
    turn.tokens += tokens;
    this.#append(conversationId, log, { type: 'TurnTextAdded', turnId: turn.id, text, offset, tokens });
  }

  #end(conversationId: string, log: ConversationLog, ending: TerminalEventBody): void {
    log.turn = null;
    this.#append(conversationId, log, ending);
    const watchers = this.#fences.get(ending.turnId);
    this.#fences.delete(ending.turnId);
    for (const onFenced of watchers ?? []) onFenced();
  }

  #append(conversationId: string, log: ConversationLog, body: FeedEventBody): FeedEvent {
    const at = this.#now();
    const event: FeedEvent = { ...body, epoch: log.epoch, seq: log.events.newest + 1, at };
    log.events.push(event);
    log.touchedAt = at;
    this.#logs.delete(conversationId);
    this.#logs.set(conversationId, log);
    for (const listener of [...(this.#listeners.get(conversationId) ?? [])]) listener(event);
    return event;
  }

  #open(conversationId: string): ConversationLog {
    this.#forgetOld();
    let log = this.#logs.get(conversationId);
    if (!log) {
      log = new ConversationLog(this.#retention, this.#now());
      this.#logs.set(conversationId, log);
    }
    return log;
  }

  /** Those that were quiet for longer than the retention, and the quietest beyond the capacity; never an open turn. */
  #forgetOld(): void {
    const oldest = this.#now() - this.#retention.ageMs;
    for (const [conversationId, log] of this.#logs) {
      if (log.touchedAt > oldest && this.#logs.size < this.#capacity) return;
      if (!log.turn) this.#forget(conversationId);
    }
  }

  #forget(conversationId: string): void {
    const log = this.#logs.get(conversationId);
    this.#logs.delete(conversationId);
    if (!log?.turn) return;
    const watchers = this.#fences.get(log.turn.id);
    this.#fences.delete(log.turn.id);
    for (const onFenced of watchers ?? []) onFenced();
  }
}

class ConversationLog {
  readonly epoch = randomBytes(9).toString('base64url');
  readonly events: RetainedEvents;
  turn: OpenTurn | null = null;
  /** The newest turn ever opened: the fence. */
  newestTurn: string | null = null;
  touchedAt: number;

  constructor(bounds: RetainedBounds, now: number) {
    this.events = new RetainedEvents(bounds);
    this.touchedAt = now;
  }

  get position(): Position {
    return { epoch: this.epoch, seq: this.events.newest };
  }
}

function mayBeSpoken(turn: OpenTurn | null, ref: TurnRef): turn is OpenTurn {
  return turn?.id === ref.id && turn.speaker === ref.speaker;
}

function isEndingOf(turnId: string): (event: FeedEvent) => event is FeedEvent & TerminalEventBody {
  return (event): event is FeedEvent & TerminalEventBody =>
    (event.type === 'TurnCompleted' || event.type === 'TurnInterrupted' || event.type === 'TurnFailed') &&
    event.turnId === turnId;
}

function register<T>(registry: Map<string, Set<T>>, key: string, value: T): () => void {
  const registered = registry.get(key) ?? new Set();
  registry.set(key, registered.add(value));
  return () => {
    registered.delete(value);
    if (registered.size === 0 && registry.get(key) === registered) registry.delete(key);
  };
}
