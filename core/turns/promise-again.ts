import type { Conversation, Message, Prisma } from '../../generated/prisma/client.ts';
import { idAfter } from '../conversation/ids.ts';
import { INPUT_TEXTS } from '../conversation/texts.ts';
import type { TurnCause } from '../conversation/vocabulary.ts';
import { InvalidInputError } from '../errors.ts';

/** What a conversation is set to when an answer is on its way that may turn out better than the last. */
export const NO_FAILURE = { failedTurnId: null, failureCode: null, failureRetryable: null };

/** An answer that is owed once more. `repeated`: it was owed already, and nothing was changed. */
export interface PromisedAgain {
  conversation: Conversation;
  turnId: string;
  cause: TurnCause;
  repeated: boolean;
}

/**
 * Owes an answer to the newest user message again, or the greeting where no user has said anything, unless it is owed
 * already. A conversation that had ended becomes ACTIVE. To be called with the conversation's row locked.
 * @throws {InvalidInputError} when it was answered to the end, or there is nothing to answer
 */
export async function promiseAgain(
  tx: Prisma.TransactionClient,
  conversationId: string,
): Promise<PromisedAgain> {
  const before = await tx.conversation.findUniqueOrThrow({ where: { id: conversationId } });
  if (before.pendingTurnId) {
    const cause = before.pendingTurnCause as TurnCause;
    return { conversation: before, turnId: before.pendingTurnId, cause, repeated: true };
  }
  const question = await tx.message.findFirst({
    where: { conversationId, role: 'USER' },
    orderBy: { id: 'desc' },
  });
  if (!before.lastTurnId || (await wasAnswered(tx, conversationId, question))) throw nothingToAnswer();

  const turnId = idAfter(before.lastTurnId);
  const cause: TurnCause = question ? 'USER_MESSAGE' : 'GREETING';
  if (question) await tx.message.update({ where: { id: question.id }, data: { turnId } });
  const conversation = await tx.conversation.update({
    where: { id: conversationId },
    data: {
      status: 'ACTIVE',
      updatedAt: new Date(),
      lastTurnId: turnId,
      pendingTurnId: turnId,
      pendingTurnCause: cause,
      ...NO_FAILURE,
    },
  });
  return { conversation, turnId, cause, repeated: false };
}

/**
 * A nudge that came after the question does not answer it, so its turn tells, where it has one: imported messages have
 * none. Without a question, whatever was said is the greeting.
 */
async function wasAnswered(
  tx: Prisma.TransactionClient,
  conversationId: string,
  question: Message | null,
): Promise<boolean> {
  const id = question ? (question.turnId ?? { gt: question.id }) : undefined;
  const answer = await tx.message.findFirst({
    where: { conversationId, role: 'ASSISTANT', status: 'COMPLETED', ...(id && { id }) },
    select: { id: true },
  });
  return answer !== null;
}

function nothingToAnswer(): InvalidInputError {
  return new InvalidInputError([{ path: 'conversationId', message: INPUT_TEXTS.nothingToAnswer }]);
}
