import type { Message } from '../../generated/prisma/client.ts';
import { timeOfId } from '../domain/ids.ts';
import type { InterruptionReason, ModelErrorCode } from '../domain/vocabulary.ts';
import type { TerminalEventBody } from '../live/feed/events.ts';

/** An answer, or the part of one that was heard, as it is to be stored. */
export interface Answer {
  turnId: string;
  text: string;
  model: string;
  /** Why it was cut off; null where it is whole. */
  interruptionReason: InterruptionReason | null;
  /** Set where `interruptionReason` is MODEL_FAILED. */
  failure?: TurnFailure;
  /** Whether the model stopped at its limit of tokens; never of an answer that was cut off. */
  isTruncated: boolean;
}

export interface TurnFailure {
  code: ModelErrorCode;
  /** Whether trying again may help. */
  retryable: boolean;
}

/** What was heard of a turn that has ended. */
export function heardIn(ending: TerminalEventBody): Answer {
  const { type, turnId, text, model } = ending;
  const answer = { turnId, text, model, isTruncated: false };
  if (type === 'TurnCompleted')
    return { ...answer, interruptionReason: null, isTruncated: ending.isTruncated ?? false };
  if (type === 'TurnInterrupted') return { ...answer, interruptionReason: ending.reason };
  const { code, retryable } = ending;
  return { ...answer, interruptionReason: 'MODEL_FAILED', failure: { code, retryable } };
}

/** The columns of a message that only some messages have, as they are where it has none of them. */
export const PLAIN_MESSAGE = {
  clientMessageId: null,
  turnId: null,
  interruptionReason: null,
  isTruncated: false,
  failedTurnId: null,
  failureCode: null,
  failureRetryable: null,
} satisfies Partial<Message>;

/** The message that an answer becomes: its id is its turn's, and its time is when the turn was promised. */
export function answerRow(conversationId: string, answer: Answer): Message {
  const { turnId, text, model, interruptionReason, isTruncated } = answer;
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
    createdAt: new Date(timeOfId(turnId)),
  };
}
