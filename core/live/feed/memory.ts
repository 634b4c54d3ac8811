import { randomBytes } from 'node:crypto';
import type { Readable } from '../../async/waiting.ts';
import { type BufferBounds, DEFAULT_BOUNDS } from './event-buffer.ts';
import type { FeedEvent, FeedEventBody, HeardEvent, LooseEventBody, Position } from './events.ts';
import {
  type Advanced,
  type AdvanceTarget,
  DEFAULT_RETENTION,
  type Feed,
  type FeedEntry,
  type FeedRetention,
  type FeedState,
  type FinishOutcome,
  type HeldEnding,
  type HeldTurn,
  type ListenOptions,
  type NewTurn,
  type OpenTurn,
  type SpeakOutcome,
  type ThinkOutcome,
  type TurnEnding,
  type TurnRef,
  type TurnWatcher,
} from './feed.ts';
import { onReconciled, type Reconcile, reconcileAlone, UNRECONCILED } from './reconciled.ts';
import { type RetainedBounds, RetainedEvents } from './retained-events.ts';
import { type Detach, type FeedLog, type FeedTail, followFeed, type LiveListener } from './subscription.ts';

export interface MemoryFeedOptions {
  retention?: Partial<FeedRetention>;
  bounds?: Partial<BufferBounds>;
  /** Maximum number of conversations. Beyond it the ones with the oldest last events are removed. */
  conversations?: number;
  /** Unix milliseconds. */
  now?: () => number;
  /** Applies the conversation's row to a feed that begins. Default: there is no row. */
  reconcile?: Reconcile | undefined;
}

/**
 * {@link Feed} within a single process: nothing is shared, and nothing outlives it. Every operation completes in one turn of
 * the event loop, so it is atomic.
 */
export class MemoryFeed implements Feed, FeedLog {
  readonly #retention: FeedRetention;
  readonly #bounds: BufferBounds;
  readonly #capacity: number;
  readonly #now: () => number;
  readonly #reconcile: Reconcile;
  /** In the order of their last event, oldest first. */
  readonly #logs = new Map<string, ConversationLog>();
  readonly #listeners = new Map<string, Set<LiveListener>>();
  readonly #watchers = new Map<string, Set<TurnWatcher>>();

  constructor(options: MemoryFeedOptions = {}) {
    this.#retention = { ...DEFAULT_RETENTION, ...options.retention };
    this.#bounds = { ...DEFAULT_BOUNDS, ...options.bounds };
    this.#capacity = options.conversations ?? 10_000;
    this.#now = options.now ?? Date.now;
    this.#reconcile = options.reconcile ?? ((conversationId) => reconcileAlone(this, conversationId));
  }

  async advance(conversationId: string, target: AdvanceTarget): Promise<Advanced> {
    const log = this.#open(conversationId);
    if (log.isGone) return { gone: true };
    const { pending, last, over, entries, drops, reconciles, opens = true } = target;
    const begun = log.epoch;
    if (log.turn && !log.turn.ending && log.turn.id !== pending?.id && log.turn.id <= (last ?? ''))
      this.#endTurn(log.turn, { type: 'cut' });
    for (const turnId of over) if (turnId > log.closed) log.closed = turnId;
    if (pending && pending.id > log.floor) log.floor = pending.id;

    const known = target.published ?? 0;
    // Published events are missing from the log: no earlier position may resume in it.
    if (!log.isReconciled && known > log.published) log.past.clear();
    log.published = Math.max(log.published, known);
    const before = log.published;
    if (drops !== undefined && log.turn?.ending && log.turn.id === drops)
      this.#publish(conversationId, log, { n: 0, events: [], ends: drops, resets: true });
    let isBlocked = false;
    for (const entry of entries) {
      if (entry.n <= log.published) continue;
      isBlocked = entry.events === null;
      if (isBlocked) break;
      log.published = entry.n;
      this.#publish(conversationId, log, entry);
    }
    if (pending && opens && !isBlocked && !log.turn && pending.id >= log.floor && pending.id > log.closed)
      this.#begin(conversationId, log, pending);
    if (reconciles === begun && !isBlocked && !log.turn?.ending) {
      // Every turn but the pending one is over: a late caller with an older row must not open it.
      if (!pending && last !== null && last > log.closed) log.closed = last;
      log.isReconciled = true;
    }
    const { published, isReconciled, epoch } = log;
    const unreconciled = isReconciled ? null : epoch;
    return { gone: false, turn: log.turn && { ...log.turn }, before, published, unreconciled };
  }

  async begin(conversationId: string): Promise<void> {
    this.#open(conversationId).isReconciled = true;
  }

  #publish(conversationId: string, log: ConversationLog, { events, ends, isQuiet, resets }: FeedEntry): void {
    const isHeld = ends !== undefined && log.turn?.id === ends;
    if (isHeld) log.turn = null;
    // A feed that has lost the turn must not open it again.
    if (ends !== undefined && ends > log.closed) log.closed = ends;
    for (const event of isQuiet && !isHeld ? [] : (events ?? [])) {
      if (!isHeld || event.type !== 'TurnStarted') this.#append(conversationId, log, event);
    }
    if (!resets) return;
    log.restart();
    for (const listener of [...(this.#listeners.get(conversationId) ?? [])]) listener(null);
  }

  #begin(conversationId: string, log: ConversationLog, { spoken, ...turn }: NewTurn): void {
    const { seq: startSeq, at: startedAt } = this.#append(conversationId, log, {
      type: 'TurnStarted',
      turnId: turn.id,
      cause: turn.cause,
      model: turn.model,
      ...(turn.fallback && { fallback: turn.fallback }),
    });
    log.closed = turn.id;
    const { epoch } = log;
    log.turn = { ...turn, epoch, fencingToken: 0, text: '', tokens: 0, startSeq, startedAt, ending: null };
    if (spoken && spoken.text !== '') this.#say(conversationId, log, log.turn, spoken.text, spoken.tokens);
  }

  async claim(
    conversationId: string,
    turnId: string,
    from?: Pick<TurnRef, 'epoch' | 'fencingToken'>,
  ): Promise<OpenTurn | null> {
    const { turn } = await this.#reconciled(conversationId);
    if (turn?.id !== turnId || turn.ending) return null;
    if (from && turn.fencingToken !== (turn.epoch === from.epoch ? from.fencingToken : 0)) return null;
    turn.fencingToken += 1;
    return openPart(turn);
  }

  async speak(conversationId: string, ref: TurnRef, text: string, tokens: number): Promise<SpeakOutcome> {
    const log = this.#logs.get(conversationId);
    if (log?.epoch !== ref.epoch) return 'lost';
    if (!isSpeaker(log.turn, ref)) return 'fenced';
    this.#say(conversationId, log, log.turn, text, tokens);
    return 'spoken';
  }

  async think(conversationId: string, ref: TurnRef, seconds: number): Promise<ThinkOutcome> {
    const log = this.#logs.get(conversationId);
    if (log?.epoch !== ref.epoch) return 'lost';
    if (!isSpeaker(log.turn, ref)) return 'fenced';
    this.#append(conversationId, log, { type: 'TurnThinking', turnId: ref.id, seconds });
    return 'published';
  }

  async finish(conversationId: string, ref: TurnRef, ending: TurnEnding): Promise<FinishOutcome> {
    const log = this.#logs.get(conversationId);
    if (log?.epoch !== ref.epoch) return 'lost';
    if (!isSpeaker(log.turn, ref)) return 'fenced';
    this.#endTurn(log.turn, ending);
    return 'finished';
  }

  async fastForward(conversationId: string, turnId: string): Promise<void> {
    const { turn } = await this.#reconciled(conversationId);
    if (turn?.id !== turnId || turn.ending || turn.isFastForwarded) return;
    turn.isFastForwarded = true;
    for (const watcher of [...(this.#watchers.get(turnId) ?? [])]) watcher.onFastForward?.();
  }

  async notifySpeaker(_conversationId: string, turnId: string): Promise<void> {
    for (const watcher of [...(this.#watchers.get(turnId) ?? [])]) watcher.onRowChanged?.();
  }

  async append(conversationId: string, events: readonly LooseEventBody[]): Promise<Position> {
    const log = await this.#reconciled(conversationId);
    if (!log.isGone) for (const event of events) this.#append(conversationId, log, event);
    return log.position;
  }

  async state(conversationId: string): Promise<FeedState> {
    const log = await this.#reconciled(conversationId);
    return { ...log.position, turn: log.turn && { ...log.turn } };
  }

  subscribe(conversationId: string, options: ListenOptions = {}): Readable<HeardEvent> {
    return followFeed(this, conversationId, { ...options, bounds: this.#bounds, now: this.#now });
  }

  async watchTurn(conversationId: string, turnId: string, watcher: TurnWatcher): Promise<() => void> {
    const log = this.#logs.get(conversationId);
    if (log?.turn?.id === turnId && !log.turn.ending) {
      if (log.turn.isFastForwarded) watcher.onFastForward?.();
      return register(this.#watchers, turnId, watcher);
    }
    if (log && (log.isGone || log.closed >= turnId)) watcher.onFenced();
    else watcher.onLost();
    return () => {};
  }

  async remove(conversationId: string): Promise<void> {
    this.#drop(conversationId);
    const log = this.#open(conversationId);
    log.isGone = true;
    log.isReconciled = true;
    for (const listener of [...(this.#listeners.get(conversationId) ?? [])]) listener('removed');
  }

  /** Removes everything of a conversation, as a store that has lost it. */
  async lose(conversationId: string): Promise<void> {
    this.#drop(conversationId);
    for (const listener of [...(this.#listeners.get(conversationId) ?? [])]) listener(null);
  }

  /** Takes a snapshot of a conversation's feed. Returns a function that restores it, as a store that lost its newest writes. */
  save(conversationId: string): () => void {
    const saved = this.#logs.get(conversationId)?.copy();
    return () => {
      this.#drop(conversationId);
      if (saved) this.#logs.set(conversationId, saved.setBack());
      for (const listener of [...(this.#listeners.get(conversationId) ?? [])]) listener(null);
    };
  }

  async stop(): Promise<void> {
    for (const listeners of [...this.#listeners.values()])
      for (const listener of [...listeners]) listener('removed');
    this.#watchers.clear();
  }

  async attach(conversationId: string, listener: LiveListener): Promise<Detach> {
    return register(this.#listeners, conversationId, listener);
  }

  async read(conversationId: string, after: Position | null): Promise<FeedTail> {
    const log = await this.#reconciled(conversationId, 'listener');
    const events = after && log.includes(after) ? log.events.after(after.seq) : null;
    return {
      ...log.position,
      retained: events !== null,
      events: events ?? [],
      turn: log.turn && openPart(log.turn),
    };
  }

  #say(conversationId: string, log: ConversationLog, turn: HeldTurn, text: string, tokens: number): void {
    const offset = turn.text.length;
    turn.text += text;
    turn.tokens += tokens;
    this.#append(conversationId, log, { type: 'TurnTextAdded', turnId: turn.id, text, offset, tokens });
  }

  #endTurn(turn: HeldTurn, ending: HeldEnding): void {
    turn.ending = ending;
    const watchers = this.#watchers.get(turn.id);
    this.#watchers.delete(turn.id);
    if (ending.type === 'cut') for (const { onFenced } of watchers ?? []) onFenced();
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

  #reconciled(conversationId: string, waiting: 'call' | 'listener' = 'call'): Promise<ConversationLog> {
    const step = async () => {
      this.#evict();
      const log = this.#logs.get(conversationId);
      return log?.isReconciled ? log : UNRECONCILED;
    };
    return onReconciled(step, () => this.#reconcile(conversationId, waiting));
  }

  #open(conversationId: string): ConversationLog {
    this.#evict();
    let log = this.#logs.get(conversationId);
    if (!log) {
      log = new ConversationLog(this.#retention, this.#now());
      this.#logs.set(conversationId, log);
    }
    return log;
  }

  /** Removes conversations past the retention's age, and the oldest beyond the capacity, but never one that holds a turn. */
  #evict(): void {
    const oldest = this.#now() - this.#retention.ageMs;
    for (const [conversationId, log] of this.#logs) {
      if (log.touchedAt > oldest && this.#logs.size < this.#capacity) return;
      if (!log.turn) this.#drop(conversationId);
    }
  }

  #drop(conversationId: string): void {
    const log = this.#logs.get(conversationId);
    this.#logs.delete(conversationId);
    if (!log?.turn) return;
    const watchers = this.#watchers.get(log.turn.id);
    this.#watchers.delete(log.turn.id);
    for (const { onFenced } of watchers ?? []) onFenced();
  }
}

class ConversationLog {
  epoch = newEpoch();
  events: RetainedEvents;
  turn: HeldTurn | null = null;
  /** The newest turn that was opened, or was cut off before that. It and older ones cannot open. */
  closed = '';
  /** The newest turn that was pending. Older ones cannot open. */
  floor = '';
  /** Number of the last published outbox entry. */
  published = 0;
  isGone = false;
  /** By past epoch, the last sequence number up to which the log is what its listeners received. */
  past = new Map<string, number>();
  isReconciled = false;
  touchedAt: number;

  constructor(bounds: RetainedBounds, now: number) {
    this.events = new RetainedEvents(bounds);
    this.touchedAt = now;
  }

  get position(): Position {
    return { epoch: this.epoch, seq: this.events.newest };
  }

  /** Whether a position is part of this log. */
  includes({ epoch, seq }: Position): boolean {
    return seq <= (epoch === this.epoch ? this.events.newest : (this.past.get(epoch) ?? -1));
  }

  copy(): ConversationLog {
    const copy = Object.assign(Object.create(ConversationLog.prototype) as ConversationLog, this);
    copy.events = this.events.copy();
    copy.turn = this.turn && { ...this.turn };
    copy.past = new Map(this.past);
    return copy;
  }

  /** A copy as it is in a store that was set back to this state. */
  setBack(): ConversationLog {
    const copy = this.copy();
    copy.restart();
    copy.past = new Map([...this.past, [this.epoch, this.events.newest]]);
    copy.isReconciled = false;
    return copy;
  }

  /** Begins a new epoch, in which no earlier cursor is valid. */
  restart(): void {
    this.epoch = newEpoch();
    this.past.clear();
    if (this.turn) this.turn = { ...this.turn, epoch: this.epoch, fencingToken: 0 };
  }
}

function newEpoch(): string {
  return randomBytes(9).toString('base64url');
}

function isSpeaker(turn: HeldTurn | null, ref: TurnRef): turn is HeldTurn {
  return turn?.id === ref.id && turn.fencingToken === ref.fencingToken && turn.ending === null;
}

function openPart({ ending: _ending, ...turn }: HeldTurn): OpenTurn {
  return turn;
}

function register<T>(registry: Map<string, Set<T>>, key: string, value: T): () => void {
  const registered = registry.get(key) ?? new Set();
  registry.set(key, registered.add(value));
  return () => {
    registered.delete(value);
    if (registered.size === 0 && registry.get(key) === registered) registry.delete(key);
  };
}
