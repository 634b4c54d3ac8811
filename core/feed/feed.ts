import type {
  InterruptionReason,
  ModelErrorCode,
  ModelFallback,
  TokenUsage,
  TurnCause,
} from '../conversation/vocabulary.ts';
import type { HeardEvent, LooseEventBody, Position, TerminalEventBody } from './events.ts';

/**
 * The feed: one ordered, retained log of events per conversation, and the fence that says which turn may speak.
 *
 * Order: a conversation's events are numbered from 1 without holes; every listener hears them in that order.
 * Exactly once: a listener that resumes after the last cursor it handled hears every later event, each once.
 * Atomic: each operation is one step; no other operation on the conversation is seen half done.
 * Turns: at most one is open. Turn ids are ordered (UUIDv7); a turn older than one that was ever opened cannot open.
 *   An open turn has exactly one terminal event, and nothing of it comes after that event.
 * Retention: the newest {@link FeedRetention.events} events, as far as {@link FeedRetention.bytes} hold them, until
 *   {@link FeedRetention.ageMs} after the newest one.
 *   The open turn's whole text is kept as long as the turn is open. What is lost is never silent: a new life of the
 *   feed has a new epoch, and a listener whose position is gone hears one FeedReset.
 *   Where the store has fallen back to an earlier moment, the feed goes on from there in a new epoch: a listener whose
 *   position is still part of it is handed what it missed, one that had heard more hears one FeedReset.
 * Not here: who may read or write, and anything that must outlast the retention: that is the database's.
 * Errors: {@link FeedUnavailableError} when the store behind it does not answer in time; the outcome is then unknown.
 */
export interface Feed {
  /**
   * Opens a turn: appends `events`, then its TurnStarted. Repeating it for the open turn changes nothing.
   * With `spoken` the turn goes on in a feed that had lost it: that text follows as its first TurnTextAdded.
   */
  begin(conversationId: string, turn: NewTurn, events?: readonly LooseEventBody[]): Promise<BeginOutcome>;

  /**
   * Makes the caller the turn's one speaker: whoever spoke it before (a worker that was taken for dead) is fenced
   * from here on. Answers the turn as it stands, or null when it is not open. With `from`: only if the caller still is
   * its speaker, or if nobody has claimed it in the feed's new life.
   */
  claim(
    conversationId: string,
    turnId: string,
    from?: Pick<TurnRef, 'epoch' | 'speaker'>,
  ): Promise<OpenTurn | null>;

  /** Appends an TurnTextAdded if this turn is open in this epoch and the caller is its speaker. `tokens` counts the units of speech in `text`. */
  speak(conversationId: string, turn: TurnRef, text: string, tokens: number): Promise<SpeakOutcome>;

  /** Appends a TurnThinking on the same conditions as `speak`; the turn's text stays as it is. `seconds`: since the model began to think. */
  think(conversationId: string, turn: TurnRef, seconds: number): Promise<ThinkOutcome>;

  /** Ends the turn with its terminal event, on the same conditions as `speak`. */
  close(conversationId: string, turn: TurnRef, ending: TurnEnding): Promise<CloseOutcome>;

  /** Ends whatever turn is open with TurnInterrupted. Null when none was open. With `turnId`: only if it is that turn. */
  interrupt(
    conversationId: string,
    reason: InterruptionReason,
    only?: { turnId: string },
  ): Promise<InterruptedTurn | null>;

  /** Appends events that belong to no turn; answers the position of the newest event. */
  append(conversationId: string, events: readonly LooseEventBody[]): Promise<Position>;

  /** The newest position and the open turn. Begins the feed's life if there is none, so that the position is real. */
  state(conversationId: string): Promise<FeedState>;

  /** How a turn ended, if that is still retained. */
  endingOf(conversationId: string, turnId: string): Promise<TerminalEventBody | null>;

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

  /** Ends every subscription of the conversation and forgets its events. */
  remove(conversationId: string): Promise<void>;

  /** Ends every subscription; idempotent. */
  stop(): Promise<void>;
}

export interface TurnWatcher {
  /** Once: it has ended, or a newer turn was opened. */
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
  speaker: number;
}

/** The turn that may speak, and what it has said. `text` is what the listeners were given, to the character. */
export interface OpenTurn {
  id: string;
  epoch: string;
  /** 0 until it is claimed; each claim makes it one more. */
  speaker: number;
  cause: TurnCause;
  model: string;
  fallback?: ModelFallback;
  text: string;
  tokens: number;
  /** The position of its TurnStarted, and its time in Unix milliseconds. */
  startSeq: number;
  startedAt: number;
}

export type InterruptedTurn = Pick<OpenTurn, 'id' | 'cause' | 'model' | 'text' | 'tokens'>;

export interface FeedState extends Position {
  turn: OpenTurn | null;
}

export type BeginOutcome =
  | { outcome: 'opened'; turn: OpenTurn }
  /** A newer turn has been opened since: the events are appended, the turn is not opened. */
  | { outcome: 'superseded'; by: string }
  /** An older turn is still open: nothing is appended. */
  | { outcome: 'busy'; with: string }
  /** This very turn was opened before and has ended: nothing is appended. */
  | { outcome: 'ended' };

export type SpeakOutcome = 'spoken' | 'fenced' | 'lost';

export type ThinkOutcome = 'published' | 'fenced' | 'lost';

export type TurnEnding =
  | { type: 'TurnCompleted'; usage: TokenUsage | null; isTruncated: boolean }
  | { type: 'TurnFailed'; code: ModelErrorCode; retryable: boolean };

export type CloseOutcome =
  | { outcome: 'closed'; text: string; tokens: number }
  | { outcome: 'fenced' }
  | { outcome: 'lost' };

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

/** The store behind the feed does not answer. Whether the step was done is unknown; it may be asked again. */
export class FeedUnavailableError extends Error {
  override name = 'FeedUnavailableError';
}
