import { StoreUnavailableError } from '../../domain/errors.ts';
import type {
  InterruptionReason,
  ModelErrorCode,
  ModelFallback,
  TokenUsage,
  TurnCause,
} from '../../domain/vocabulary.ts';
import type { FeedEventBody, HeardEvent, LooseEventBody, Position } from './events.ts';

/**
 * The feed: one ordered, retained log of events per conversation, and the fence that says which turn may speak.
 *
 * Order: a conversation's events are numbered from 1 without holes; every listener hears them in that order.
 * Exactly once: a listener that resumes after the last cursor it handled hears every later event, each once.
 * Atomic: each operation is one step; no other operation on the conversation is seen half done.
 * Turns: at most one is held. Turn ids are ordered (UUIDv7); a turn older than one that was ever opened cannot open.
 *   A turn ends before its terminal event is published: between the two it is stored. It has exactly one terminal
 *   event, and nothing of it comes after that event.
 * Retention: the newest {@link FeedRetention.events} events, as far as {@link FeedRetention.bytes} hold them, until
 *   {@link FeedRetention.ageMs} after the newest one.
 *   The open turn's whole text is kept as long as the turn is open. What is lost is never silent: a new life of the
 *   feed has a new epoch, and a listener whose position is gone hears one FeedReset.
 *   Where the store has fallen back to an earlier moment, the feed goes on from there in a new epoch: a listener whose
 *   position is still part of it is handed what it missed, one that had heard more hears one FeedReset.
 * Reconciled: a feed that begins, or that the store has set back, cannot be read, claimed or appended to until an `advance`
 *   with `reconciles` has applied the conversation's row to it. Those calls run it first. A FeedReset has a cursor after
 *   everything that was published before the loss, so no listener gets an event twice.
 * Not here: who may read or write, and anything that must outlast the retention: that is the database's.
 * Errors: {@link StoreUnavailableError} when the store behind it does not answer in time; the outcome is then unknown.
 */
export interface Feed {
  /**
   * Brings the feed to what a conversation's row says, as far as it can be; repeating it changes nothing. In this order:
   *
   * 1. An open turn that is neither the pending one nor newer than the row is cut: nothing gets into it any more.
   * 2. No turn older than the pending one, and none that was cut off, can open or speak from here on.
   * 3. The entries of the outbox that were not published are, up to the first whose place is not filled. One that ends
   *    the turn that the feed holds makes room for the next.
   * 4. The pending turn is opened, if nothing stands before it: then its TurnStarted is appended.
   *
   * Returns the turn that the feed then holds. If it has ended, store it, then publish its terminal event with another
   * call.
   */
  advance(conversationId: string, target: AdvanceTarget): Promise<Advanced>;

  /** Begins the feed of a new conversation, whose row is not stored yet: there is nothing to reconcile it with. Idempotent. */
  begin(conversationId: string): Promise<void>;

  /**
   * Makes the caller the turn's one speaker: whoever spoke it before (a worker that was taken for dead) is fenced
   * from here on. Answers the turn as it stands, or null when it is not open. With `from`: only if the caller still is
   * its speaker, or if nobody has claimed it in the feed's new life.
   */
  claim(
    conversationId: string,
    turnId: string,
    from?: Pick<TurnRef, 'epoch' | 'fencingToken'>,
  ): Promise<OpenTurn | null>;

  /** Appends an TurnTextAdded if this turn is open in this epoch and the caller is its speaker. `tokens` counts the units of speech in `text`. */
  speak(conversationId: string, turn: TurnRef, text: string, tokens: number): Promise<SpeakOutcome>;

  /** Appends a TurnThinking on the same conditions as `speak`; the turn's text stays as it is. `seconds`: since the model began to think. */
  think(conversationId: string, turn: TurnRef, seconds: number): Promise<ThinkOutcome>;

  /**
   * Ends the turn, on the same conditions as `speak`: nothing is heard of it until its terminal event is published, and
   * until then it is held.
   */
  finish(conversationId: string, turn: TurnRef, ending: TurnEnding): Promise<FinishOutcome>;

  /** Appends events that nothing else depends on; answers the position of the newest event. */
  append(conversationId: string, events: readonly LooseEventBody[]): Promise<Position>;

  /** The newest position and the turn that is open, or has ended and is not published. */
  state(conversationId: string): Promise<FeedState>;

  /**
   * Hears the conversation. With `after`: the retained events after it, then live. Without: the open turn from its
   * start, then live. Runs of tokens may come merged, and of a run of TurnThinking the newest alone. The iterator ends when `signal` aborts (at once, also while
   * it waits) and when the feed is removed. `onEnd` is called once, when it has ended for whatever reason.
   * @throws {SlowListenerError} from `next`, when the listener's buffer is over its bounds: resume after the last cursor.
   */
  subscribe(conversationId: string, options: ListenOptions): AsyncIterableIterator<HeardEvent>;

  /**
   * Tells what becomes of an open turn besides what its speaker does, at once where it has happened already.
   * A nudge that saves waiting for the next `speak`: it may be late or, across a lost connection, missed.
   */
  watchTurn(conversationId: string, turnId: string, watcher: TurnWatcher): Promise<() => void>;

  /**
   * Ends every subscription of the conversation and forgets its events. For as long as the retention's age nothing can
   * be appended to it: it is gone.
   */
  remove(conversationId: string): Promise<void>;

  /** Ends every subscription; idempotent. */
  stop(): Promise<void>;
}

export interface TurnWatcher {
  /** Once: it has ended otherwise than by its speaker, or a newer turn was opened. */
  onFenced: () => void;
  /** Whenever it is found: the feed has begun anew and knows nothing of it. Its speaker may take it up again. */
  onLost: () => void;
}

export interface ListenOptions {
  after?: Position | undefined;
  signal?: AbortSignal | undefined;
  onEnd?: (() => void) | undefined;
}

export interface NewTurn {
  id: string;
  cause: TurnCause;
  /** The id of the model that answers. */
  model: string;
  /** Where that is not the model that was asked for. */
  fallback?: ModelFallback;
  spoken?: { text: string; tokens: number };
}

/** The right to speak a turn: which turn, in which life of the feed, and the how-manieth speaker of it one is. */
export interface TurnRef {
  id: string;
  epoch: string;
  fencingToken: number;
}

/** The turn that may speak, and what it has said. `text` is what the listeners were given, to the character. */
export interface OpenTurn {
  id: string;
  epoch: string;
  /** 0 until it is claimed; each claim makes it one more. */
  fencingToken: number;
  cause: TurnCause;
  model: string;
  fallback?: ModelFallback;
  text: string;
  tokens: number;
  /** The position of its TurnStarted, and its time in Unix milliseconds. */
  startSeq: number;
  startedAt: number;
}

/** How a held turn has ended; `cut`: by what the row says. */
export type HeldEnding = TurnEnding | { type: 'cut' };

/** The turn that the feed holds: open, or ended and not published. */
export interface HeldTurn extends OpenTurn {
  ending: HeldEnding | null;
}

/** What a conversation's row says, as far as the feed is concerned. */
export interface AdvanceTarget {
  /** The turn that is pending; null: none. `spoken`: what was heard of it in a feed that has lost it. */
  pending: NewTurn | null;
  /** The newest id that the row knows: of a newer turn it says nothing. */
  last: string | null;
  /** Up to which place of the outbox everything is known to be published, also to a feed that has lost that; unset: 0. */
  published?: number;
  /** The turns that were cut off and whose places are not filled. */
  over: readonly string[];
  /** The outbox, in order. */
  entries: readonly FeedEntry[];
  /** The feed's epoch, if the row was read after it began: marks the feed as reconciled, unless a place or a held turn is left. */
  reconciles?: string | null;
  /** False: the pending turn is not opened now. */
  opens?: boolean;
  /** The held turn, where the row has ended it and its end was published: the feed discards it and publishes a FeedReset. */
  drops?: string;
}

/** A place of the outbox. */
export interface FeedEntry {
  /** Counted per conversation, from 1: the feed remembers the highest that it has published. */
  n: number;
  /** Null: the place is not filled, and nothing behind it may be published. */
  events: readonly FeedEventBody[] | null;
  /** The turn whose terminal event is among them. Where the feed holds it, its TurnStarted is left out: it was heard. */
  ends?: string;
  /** Whether its events are published only where the feed holds the turn that it ends. */
  isQuiet?: boolean;
  /** Whether what was heard may not be what is stored: listeners then hear a FeedReset. */
  resets?: boolean;
}

export type Advanced =
  | {
      gone: false;
      turn: HeldTurn | null;
      /** Up to which place the outbox is published, before and now. */
      before: number;
      published: number;
      /** The epoch of a feed that is not reconciled with its row; null: it is. */
      unreconciled: string | null;
    }
  /** The conversation was deleted. */
  | { gone: true };

export interface FeedState extends Position {
  turn: HeldTurn | null;
}

export type SpeakOutcome = 'spoken' | 'fenced' | 'lost';

export type ThinkOutcome = 'published' | 'fenced' | 'lost';

export type TurnEnding =
  | { type: 'TurnCompleted'; usage: TokenUsage | null; isTruncated: boolean }
  | { type: 'TurnFailed'; code: ModelErrorCode; retryable: boolean }
  | { type: 'TurnInterrupted'; reason: InterruptionReason };

export type FinishOutcome = 'finished' | 'fenced' | 'lost';

export interface FeedRetention {
  /** How many events a conversation keeps. */
  events: number;
  /** How much room its events may take, in bytes, more or less; the newest one is kept whatever its size. */
  bytes: number;
  /** How long after its newest event a conversation's feed is kept, in milliseconds. */
  ageMs: number;
}

/** 10,000 tokens take about 2 MB on Redis; so do 15 of the longest messages. One read hands out no more than that. */
export const DEFAULT_RETENTION: FeedRetention = { events: 10_000, bytes: 2_000_000, ageMs: 3_600_000 };
