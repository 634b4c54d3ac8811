import type { Message } from '../../generated/prisma/client.ts';
import { timeOfId } from '../conversation/ids.ts';
import type { MessageStatus } from '../conversation/vocabulary.ts';
import type { TerminalEventBody } from '../feed/events.ts';
import type { InterruptedTurn } from '../feed/feed.ts';

/** An answer, or the part of one that was heard, as it is to be stored. */
export interface Answer {
  turnId: string;
  text: string;
  status: MessageStatus;
  model: string;
}

/** What was heard of a turn that was cut off. */
export function heardOf({ id, text, model }: Pick<InterruptedTurn, 'id' | 'text' | 'model'>): Answer {
  return { turnId: id, text, model, status: 'INTERRUPTED' };
}

/** What was heard of a turn that has ended. */
export function heardIn({ type, turnId, text, model }: TerminalEventBody): Answer {
  return { turnId, text, model, status: type === 'AiDone' ? 'COMPLETED' : 'INTERRUPTED' };
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
