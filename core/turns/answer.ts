import type { Message } from '../../generated/prisma/client.ts';
import { timeOfId } from '../conversation/ids.ts';
import type { AiErrorCode, MessageStatus } from '../conversation/vocabulary.ts';
import type { TerminalEventBody } from '../feed/events.ts';
import type { InterruptedTurn } from '../feed/feed.ts';

/** An answer, or the part of one that was heard, as it is to be stored. */
export interface Answer {
  turnId: string;
  text: string;
  status: MessageStatus;
  model: string;
  /** Why it is not whole, where its model is to blame. */
  failure?: TurnFailure;
}

export interface TurnFailure {
  code: AiErrorCode;
  /** Whether trying again may help. */
  retryable: boolean;
}

/** What was heard of a turn that was cut off. */
export function heardOf({ id, text, model }: Pick<InterruptedTurn, 'id' | 'text' | 'model'>): Answer {
  return { turnId: id, text, model, status: 'INTERRUPTED' };
}

/** What was heard of a turn that has ended. */
export function heardIn(ending: TerminalEventBody): Answer {
  const { type, turnId, text, model } = ending;
  const answer = { turnId, text, model };
  if (type === 'AiDone') return { ...answer, status: 'COMPLETED' };
  if (type === 'AiInterrupted') return { ...answer, status: 'INTERRUPTED' };
  const { code, retryable } = ending;
  return { ...answer, status: 'INTERRUPTED', failure: { code, retryable } };
}

/** The message that an answer becomes: its id is its turn's, and its time is when the turn was promised. */
export function answerRow(conversationId: string, { turnId, text, status, model }: Answer): Message {
  return {
    id: turnId,
    conversationId,
    clientMessageId: null,
    turnId: null,
    role: 'ASSISTANT',
    content: text,
    status,
    model,
    createdAt: new Date(timeOfId(turnId)),
  };
}
