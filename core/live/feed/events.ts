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
}

/**
 * An event without its position. `model` is the id of a model. `text` of a terminal event is the whole text of the turn. A
 * ConversationUpdated has all current settings. `seconds` of a TurnThinking count from when the model began to think.
 * `isTruncated`: the model stopped at its token limit; unset in events of an earlier release, which means no.
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
    }
  | {
      type: 'TurnInterrupted';
      turnId: string;
      model: string;
      text: string;
      tokens: number;
      reason: InterruptionReason;
    }
  | {
      type: 'TurnFailed';
      turnId: string;
      model: string;
      text: string;
      code: ModelErrorCode;
      retryable: boolean;
    }
  | { type: 'TypingChanged'; typing: boolean }
  | { type: 'TypingNudge'; text: string }
  | { type: 'ConversationUpdated'; title: string | null; model: string; pacing: Pacing }
  | { type: 'ConversationEnded'; reason: EndReason };

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
