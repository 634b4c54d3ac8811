import type { QueuedMessage } from '../../domain/queued-message.ts';
import type {
  EndReason,
  InterruptionReason,
  MessageRole,
  MessageStatus,
  ModelErrorCode,
  ModelFallback,
  Pacing,
  TokenUsage,
  TurnCause,
} from '../../domain/vocabulary.ts';

/** A message as the feed carries it: the same values as its row. Times are Unix milliseconds. */
export interface FeedMessage {
  id: string;
  role: MessageRole;
  content: string;
  status: MessageStatus;
  model: string | null;
  clientMessageId: string | null;
  createdAt: number;
  /** Set on an acknowledgement: the turn that it did not cut off, and how much of that had been spoken, in UTF-16 code units. */
  acknowledges?: { turnId: string; offset: number };
}

/**
 * An event without its position. `model` is the id of a model. `text` of a terminal event is the whole text of the turn. A
 * ConversationUpdated has all current settings. `seconds` of a TurnThinking count from when the model began to think.
 * `isTruncated`: the model stopped at its token limit; unset in events of an earlier release, which means no. `durationMs`: from
 * when the turn was accepted; unset in events of an earlier release.
 */
export type FeedEventBody =
  | { type: 'MessageAdded'; message: FeedMessage }
  | { type: 'TurnStarted'; turnId: string; cause: TurnCause; model: string; fallback?: ModelFallback }
  | { type: 'TurnTextAdded'; turnId: string; text: string; offset: number; tokens: number }
  | { type: 'TurnThinking'; turnId: string; seconds: number }
  | {
      type: 'TurnCompleted';
      turnId: string;
      model: string;
      text: string;
      usage: TokenUsage | null;
      isTruncated?: boolean;
      durationMs?: number;
    }
  | {
      type: 'TurnInterrupted';
      turnId: string;
      model: string;
      text: string;
      tokens: number;
      reason: InterruptionReason;
      durationMs?: number;
    }
  | {
      type: 'TurnFailed';
      turnId: string;
      model: string;
      text: string;
      code: ModelErrorCode;
      retryable: boolean;
      durationMs?: number;
    }
  | { type: 'TypingChanged'; typing: boolean }
  | { type: 'TypingNudge'; text: string }
  | {
      type: 'ConversationUpdated';
      title: string | null;
      model: string;
      pacing: Pacing;
      /** Null: the installation's. Unset in what the release before has written, which means null. */
      readingWpm?: number | null;
      /** Unset in what the release before has written, which means true. */
      idleTimeout?: boolean;
      /** Unset in what the release before has written, which means null. */
      instructions?: string | null;
    }
  | { type: 'ConversationEnded'; reason: EndReason }
  /** Another branch is visible, up to this message, or the turn that becomes it. */
  | { type: 'BranchSelected'; leafMessageId: string }
  /** All messages that wait, as they are now. */
  | { type: 'QueueChanged'; queued: readonly QueuedMessage[] };

/** An event that nothing else depends on. */
export type LooseEventBody = Extract<
  FeedEventBody,
  {
    type: 'TypingChanged' | 'TypingNudge';
  }
>;

/** The one event that ends a turn. */
export type TerminalEventBody = Extract<
  FeedEventBody,
  { type: 'TurnCompleted' | 'TurnInterrupted' | 'TurnFailed' }
>;

/** The position of an event: the feed's epoch, and the sequence number in it, from 1 without gaps. */
export interface Position {
  epoch: string;
  seq: number;
}

/** An event in the log. `at` is Unix milliseconds. */
export type FeedEvent = FeedEventBody & Position & { at: number };

/** Events were missed that are no longer retained. A replay of the open turn follows, then live events. */
type FeedResetEvent = { type: 'FeedReset'; at: number } & Position;

/** An event as a listener receives it. */
export type HeardEvent = FeedEvent | FeedResetEvent;
