import type { Message } from '../../generated/prisma/client.ts';
import { timeOfId } from '../domain/ids.ts';
import type { InterruptionReason, ModelErrorCode, TokenUsage } from '../domain/vocabulary.ts';
import type { TerminalEventBody } from '../live/feed/events.ts';

/** An answer to store: a whole one, or the part of one that listeners heard. */
export interface Answer {
  turnId: string;
  text: string;
  model: string;
  /** Why it was cut off; null when it is whole. */
  interruptionReason: InterruptionReason | null;
  /** Set when `interruptionReason` is MODEL_FAILED. */
  failure?: TurnFailure;
  /** Whether the model stopped at its token limit. Always false for an answer that was cut off. */
  isTruncated: boolean;
  /** The tokens that it took, as the provider counted them; null: it did not. */
  usage: Pick<TokenUsage, 'inputTokens' | 'outputTokens'> | null;
  /** From when the turn was accepted to its end, in milliseconds; null: not known. */
  durationMs: number | null;
}

export interface TurnFailure {
  code: ModelErrorCode;
  /** Whether trying again may help. */
  retryable: boolean;
}

/** What listeners heard of a turn that has ended. */
export function heardIn(ending: TerminalEventBody): Answer {
  const { type, turnId, text, model } = ending;
  const { durationMs = null } = ending;
  const answer = { turnId, text, model, isTruncated: false, usage: null, durationMs };
  if (type === 'TurnCompleted') {
    const { usage, isTruncated = false } = ending;
    return { ...answer, interruptionReason: null, isTruncated, usage };
  }
  if (type === 'TurnInterrupted') return { ...answer, interruptionReason: ending.reason };
  const { code, retryable } = ending;
  return { ...answer, interruptionReason: 'MODEL_FAILED', failure: { code, retryable } };
}

/** Empty values of the columns that only some messages use. */
export const PLAIN_MESSAGE = {
  clientMessageId: null,
  turnId: null,
  interruptionReason: null,
  isTruncated: false,
  failedTurnId: null,
  failureCode: null,
  failureRetryable: null,
  acknowledgedTurnId: null,
  acknowledgedOffset: null,
  parentId: null,
  hiddenSince: null,
  inputTokens: null,
  outputTokens: null,
  durationMs: null,
} satisfies Partial<Message>;

/** The message that stores an answer. Its id is the turn's id, and `createdAt` is when the turn became pending. */
export function answerRow(conversationId: string, answer: Answer): Message {
  const { turnId, text, model, interruptionReason, isTruncated, usage, durationMs } = answer;
  return {
    ...PLAIN_MESSAGE,
    id: turnId,
    conversationId,
    role: 'ASSISTANT',
    content: text,
    status: interruptionReason === null ? 'COMPLETED' : 'INTERRUPTED',
    interruptionReason,
    isTruncated,
    model,
    inputTokens: usage?.inputTokens ?? null,
    outputTokens: usage?.outputTokens ?? null,
    durationMs,
    createdAt: new Date(timeOfId(turnId)),
  };
}
