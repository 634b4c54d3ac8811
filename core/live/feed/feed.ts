import type { Readable } from '../../async/waiting.ts';
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
 * Order: a conversation's events are numbered from 1 without gaps; every listener receives them in that order.
 * Exactly once: a listener that resumes after the last cursor that it handled receives every later event once.
 * Atomic: each operation is one step; no other operation on the conversation sees it half done.
 * Turns: at most one is held. Turn ids are ordered (UUIDv7); a turn older than one that was ever opened cannot open.
 *   A turn ends before its terminal event is published: between the two it is stored. It has exactly one terminal
 *   event, which is the last event of the turn.
 * Retention: the newest {@link FeedRetention.events} events that fit into {@link FeedRetention.bytes}, until
 *   {@link FeedRetention.ageMs} after the newest one.
 *   The open turn's whole text is kept as long as the turn is open. A loss is never silent: a feed that was lost begins in a
 *   new epoch, and a listener whose position is gone receives one FeedReset.
 *   If the store was set back to an earlier state, the feed continues from there in a new epoch: a listener whose position is
 *   still part of it receives what it missed, and one that had received more receives one FeedReset.
 * Reconciled: a feed that begins, or that the store has set back, cannot be read, claimed or appended to until an `advance`
 *   with `reconciles` has applied the conversation's row to it. Those calls run it first. A FeedReset has a cursor after
 *   everything that was published before the loss, so no listener gets an event twice.
 * Not here: authorization, and anything that must outlast the retention. The database has that.
 * Errors: {@link StoreUnavailableError} when the store does not answer in time; the outcome is then unknown.
 */
export interface Feed {
  /**
   * Advances the feed to the state of a conversation's row, as far as possible. Idempotent. In this order:
   *
   * 1. Cuts off an open turn that is neither the pending one nor newer than the row: nothing is appended to it any more.
   * 2. From here on no turn older than the pending one, and none that was cut off, can open or speak.
   * 3. Publishes the unpublished entries of the outbox, up to the first placeholder. An entry that ends the turn that the
   *    feed holds makes room for the next turn.
   * 4. Opens the pending turn, if nothing blocks it, and appends its TurnStarted.
   *
   * Returns the turn that the feed holds after that. If it has ended, store it, then publish its terminal event with another
   * call.
   */
  advance(conversationId: string, target: AdvanceTarget): Promise<Advanced>;

  /** Begins the feed of a new conversation, whose row is not stored yet: there is nothing to reconcile it with. Idempotent. */
  begin(conversationId: string): Promise<void>;

  /**
   * Claims the turn: makes the caller its only speaker, with a new fencing token. The previous speaker, such as a worker that
   * counted as dead, is fenced from then on. Returns the turn as it stands, or null when it is not open. With `from`: claims
   * it only if the caller still is its speaker, or if the turn is unclaimed in the feed's new epoch.
   */
  claim(
    conversationId: string,
    turnId: string,
    from?: Pick<TurnRef, 'epoch' | 'fencingToken'>,
  ): Promise<OpenTurn | null>;

  /** Appends a TurnTextAdded if the turn is open in this epoch and the caller its speaker. `tokens`: speech units in `text`. */
  speak(conversationId: string, turn: TurnRef, text: string, tokens: number): Promise<SpeakOutcome>;

  /** Appends a TurnThinking on the same conditions as `speak`. `seconds`: since the model began to think. */
  think(conversationId: string, turn: TurnRef, seconds: number): Promise<ThinkOutcome>;

  /**
   * Ends the turn on the same conditions as `speak`. Publishes nothing: the feed holds the turn until an `advance` publishes
   * its terminal event.
   */
  finish(conversationId: string, turn: TurnRef, ending: TurnEnding): Promise<FinishOutcome>;

  /**
   * Marks an open turn as fast-forwarded, in whichever epoch, and notifies its speaker: see `watchTurn`. Its text must be
   * spoken at once from then on; who claims it later finds the mark. Idempotent. No effect on a turn that is not open.
   */
  fastForward(conversationId: string, turnId: string): Promise<void>;

  /** Notifies the speaker of a turn that the conversation's row says something new: see `watchTurn`. A hint, which can be lost. */
  notifySpeaker(conversationId: string, turnId: string): Promise<void>;

  /** Appends events that nothing else depends on. Returns the position of the newest event. */
  append(conversationId: string, events: readonly LooseEventBody[]): Promise<Position>;

  /** The newest position, and the turn that is open or has ended without being published. */
  state(conversationId: string): Promise<FeedState>;

  /**
   * Subscribes to the conversation. With `after`: replays the retained events after it, then live ones. Without: replays the
   * open turn from its start, then live ones. Runs of tokens may be merged, and a run of TurnThinking reduced to its newest.
   * The iterator ends when it is returned (at once, even while it waits) and when the feed is removed. `onEnd` is called once
   * when it has ended, for any reason. A FeedReset counts in the metrics only if it is read with `next`.
   * @throws {SlowListenerError} from `next` when the listener's buffer exceeds its bounds: resume after the last cursor.
   */
  subscribe(conversationId: string, options: ListenOptions): Readable<HeardEvent>;

  /**
   * Notifies the speaker of an open turn when the turn is fenced, lost or fast-forwarded, at once if that has happened
   * already. A hint that comes before the outcome of the next `speak`: it may be late, or be missed when a connection is lost.
   */
  watchTurn(conversationId: string, turnId: string, watcher: TurnWatcher): Promise<() => void>;

  /**
   * Ends every subscription of the conversation and removes its events. The feed is gone: nothing can be appended to it for
   * the retention's age.
   */
  remove(conversationId: string): Promise<void>;

  /** Ends every subscription. Idempotent. */
  stop(): Promise<void>;
}

export interface TurnWatcher {
  /** Called once: the turn was not ended by its speaker, or a newer turn was opened. */
  onFenced: () => void;
  /** Called whenever the feed has begun again without the turn. Its speaker may claim it again. */
  onLost: () => void;
  /** Called once or more when the turn is fast-forwarded. */
  onFastForward?: () => void;
  /** Called whenever the conversation's row says something new for the speaker. */
  onRowChanged?: () => void;
}

export interface ListenOptions {
  after?: Position | undefined;
  onEnd?: (() => void) | undefined;
}

export interface NewTurn {
  id: string;
  cause: TurnCause;
  /** The id of the model that answers. */
  model: string;
  /** Set when that is not the requested model. */
  fallback?: ModelFallback;
  /** What was heard of the turn in a feed that has lost it. */
  spoken?: { text: string; tokens: number };
}

/** The right to speak a turn: the turn, the feed's epoch, and the fencing token of the claim. */
export interface TurnRef {
  id: string;
  epoch: string;
  fencingToken: number;
}

/** The open turn and what it has said. `text` is exactly what was published to listeners. */
export interface OpenTurn {
  id: string;
  epoch: string;
  /** 0 until it is claimed; each claim increments it. */
  fencingToken: number;
  cause: TurnCause;
  model: string;
  fallback?: ModelFallback;
  text: string;
  tokens: number;
  /** The sequence number of its TurnStarted, and its time in Unix milliseconds. */
  startSeq: number;
  startedAt: number;
  /** Set when its text must be spoken at once. */
  isFastForwarded?: true;
}

/** How a held turn has ended. `cut`: cut off by the row. */
export type HeldEnding = TurnEnding | { type: 'cut' };

/** The turn that the feed holds: open, or ended but not published. */
export interface HeldTurn extends OpenTurn {
  ending: HeldEnding | null;
}

/** The state of a conversation's row that concerns the feed. */
export interface AdvanceTarget {
  /** The pending turn; null: none. */
  pending: NewTurn | null;
  /** The newest turn id that the row knows. The row says nothing about newer turns. */
  last: string | null;
  /** Number of the last outbox entry that is known to be published, even if the feed has lost it; unset: 0. */
  published?: number;
  /** The turns that were cut off and still have placeholders in the outbox. */
  over: readonly string[];
  /** The outbox, in order. */
  entries: readonly FeedEntry[];
  /** The feed's epoch if the row was read after it began: reconciles the feed, unless a placeholder or an ended turn is left. */
  reconciles?: string | null;
  /** False: does not open the pending turn. */
  opens?: boolean;
  /** A held turn that the row has ended and whose end was published: the feed drops it and publishes a FeedReset. */
  drops?: string;
}

/** An outbox entry as the feed publishes it. */
export interface FeedEntry {
  /** Numbered per conversation from 1. The feed stores the highest number that it has published. */
  n: number;
  /** Null: a placeholder; no later entry may be published before it is filled. */
  events: readonly FeedEventBody[] | null;
  /** The turn whose terminal event is among them. If the feed holds it, its TurnStarted is omitted, because it was published. */
  ends?: string;
  /** Whether its events are published only if the feed holds the turn that it ends. */
  isQuiet?: boolean;
  /** Whether what was heard may differ from what is stored: listeners then receive a FeedReset. */
  resets?: boolean;
}

export type Advanced =
  | {
      gone: false;
      turn: HeldTurn | null;
      /** Number of the last published outbox entry before this call. */
      before: number;
      /** Number of the last published outbox entry now. */
      published: number;
      /** The epoch of a feed that is not reconciled with its row; null: it is reconciled. */
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
  /** How much space its events may take, in bytes, approximately. The newest one is always kept. */
  bytes: number;
  /** How long a conversation's feed is kept after its newest event, in milliseconds. */
  ageMs: number;
}

/** 10,000 tokens take about 2 MB on Redis; so do 15 of the longest messages. One read returns no more than that. */
export const DEFAULT_RETENTION: FeedRetention = { events: 10_000, bytes: 2_000_000, ageMs: 3_600_000 };
