import type {
  AiErrorCode,
  EndReason,
  InterruptionReason,
  MessageRole,
  MessageStatus,
  ModelFallback,
  TokenUsage,
  TurnCause,
} from '../conversation/vocabulary.ts';

/** A message as the feed carries it: the same values as its row. Times are Unix milliseconds. */
export interface FeedMessage {
  id: string;
  role: MessageRole;
  content: string;
  status: MessageStatus;
  model: string | null;
  createdAt: number;
}

/** What happened. `model` is the id of a model; `text` of a terminal event is all that the turn had spoken. */
export type FeedEventBody =
  | { type: 'MessageAdded'; message: FeedMessage }
  | { type: 'AiStarted'; turnId: string; cause: TurnCause; model: string; fallback?: ModelFallback }
  | { type: 'AiToken'; turnId: string; text: string; offset: number; tokens: number }
  | { type: 'AiDone'; turnId: string; model: string; text: string; usage: TokenUsage | null }
  | {
      type: 'AiInterrupted';
      turnId: string;
      model: string;
      text: string;
      tokens: number;
      reason: InterruptionReason;
    }
  | {
      type: 'AiError';
      turnId: string;
      model: string;
      text: string;
      code: AiErrorCode;
      message: string;
      retryable: boolean;
    }
  | { type: 'TypingChanged'; typing: boolean }
  | { type: 'TypingNudge'; message: string }
  | { type: 'TitleUpdated'; title: string }
  | { type: 'ModelSelected'; model: string }
  | { type: 'ConversationEnded'; reason: EndReason };

/** An event that belongs to no turn, or announces the turn that `begin` opens. */
export type LooseEventBody = Extract<
  FeedEventBody,
  {
    type:
      | 'MessageAdded'
      | 'TypingChanged'
      | 'TypingNudge'
      | 'TitleUpdated'
      | 'ModelSelected'
      | 'ConversationEnded';
  }
>;

/** The one event that ends a turn. */
export type TerminalEventBody = Extract<FeedEventBody, { type: 'AiDone' | 'AiInterrupted' | 'AiError' }>;

/** Where an event stands: which life of the feed, and its number in it, from 1 and without holes. */
export interface Position {
  epoch: string;
  seq: number;
}

/** An event in the log. `at` is Unix milliseconds. */
export type FeedEvent = FeedEventBody & Position & { at: number };

/** Events were missed that are no longer retained; the open turn from its start follows, then live. */
export type FeedResetEvent = { type: 'FeedReset'; at: number } & Position;

/** What a listener is handed. */
export type HeardEvent = FeedEvent | FeedResetEvent;
