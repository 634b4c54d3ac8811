import type { Conversation, Message, Prisma } from '../../generated/prisma/client.ts';
import { idAfter } from '../conversation/ids.ts';
import { INPUT_TEXTS, PROBLEM_TEXTS } from '../conversation/texts.ts';
import type { TurnCause } from '../conversation/vocabulary.ts';
import { InvalidInputError, NotFoundError } from '../errors.ts';

/** What a conversation, or a message, is set to when an answer is on its way that may turn out better than the last. */
export const NO_FAILURE = { failedTurnId: null, failureCode: null, failureRetryable: null };

/** Which answer to give again. */
export interface RegenerateRequest {
  /** The newest user message or an answer to it; undefined: the newest. */
  messageId?: string | undefined;
  /** The model to ask this once; undefined: the conversation's. */
  model?: string | undefined;
  /** Identifies the request, so that a repeated one begins no second turn. */
  clientRequestId?: string | undefined;
}

/** A turn that answers again. `repeated`: it was pending, or begun by the same request, and nothing was changed. */
export interface Regenerated {
  conversation: Conversation;
  turnId: string;
  cause: TurnCause;
  repeated: boolean;
}

/**
 * Makes a turn pending that answers the newest user message again, or greets again where no user has said anything.
 * While a turn is pending, that one is returned. A conversation that had ended becomes ACTIVE. Call it with the
 * conversation's row locked.
 * @throws {NotFoundError} when the conversation has no message `messageId`
 * @throws {InvalidInputError} when there is nothing to answer, or it was answered to the end
 */
export async function regenerate(
  tx: Prisma.TransactionClient,
  conversationId: string,
  { messageId, model, clientRequestId }: RegenerateRequest,
): Promise<Regenerated> {
  const before = await tx.conversation.findUniqueOrThrow({ where: { id: conversationId } });
  const begun = clientRequestId && (await turnBegunBy(tx, conversationId, clientRequestId));
  if (begun) return { conversation: before, turnId: begun, cause: 'REGENERATION', repeated: true };

  const named = messageId && (await tx.message.findFirst({ where: { id: messageId, conversationId } }));
  if (messageId && !named) throw new NotFoundError(PROBLEM_TEXTS.noMessage);
  if (before.pendingTurnId) {
    const { pendingTurnId: turnId, pendingTurnCause } = before;
    if (clientRequestId) await remember(tx, { conversationId, clientRequestId, turnId });
    return { conversation: before, turnId, cause: pendingTurnCause as TurnCause, repeated: true };
  }
  const question = await tx.message.findFirst({
    where: { conversationId, role: 'USER' },
    orderBy: { id: 'desc' },
  });
  if (named && question && !isOfQuestion(named, question)) throw notNewest();
  if (!before.lastTurnId || (await wasAnswered(tx, conversationId, question)))
    throw nothingToAnswer(messageId ? 'messageId' : 'conversationId');

  const turnId = idAfter(before.lastTurnId);
  const cause: TurnCause = question ? 'REGENERATION' : 'GREETING';
  if (question) await tx.message.update({ where: { id: question.id }, data: { turnId, ...NO_FAILURE } });
  const conversation = await tx.conversation.update({
    where: { id: conversationId },
    data: {
      status: 'ACTIVE',
      updatedAt: new Date(),
      lastTurnId: turnId,
      pendingTurnId: turnId,
      pendingTurnCause: cause,
      pendingTurnModel: model ?? null,
      ...NO_FAILURE,
    },
  });
  if (clientRequestId) await remember(tx, { conversationId, clientRequestId, turnId });
  return { conversation, turnId, cause, repeated: false };
}

async function turnBegunBy(
  tx: Prisma.TransactionClient,
  conversationId: string,
  clientRequestId: string,
): Promise<string | undefined> {
  const known = await tx.regeneration.findUnique({
    where: { conversationId_clientRequestId: { conversationId, clientRequestId } },
  });
  return known?.turnId;
}

async function remember(
  tx: Prisma.TransactionClient,
  request: { conversationId: string; clientRequestId: string; turnId: string },
): Promise<void> {
  await tx.regeneration.create({ data: request });
}

/** Whether it is that message of the user, or what the AI said after it. */
function isOfQuestion(message: Message, question: Message): boolean {
  return message.id === question.id || (message.role === 'ASSISTANT' && message.id > question.id);
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

function nothingToAnswer(path: string): InvalidInputError {
  return new InvalidInputError([{ path, message: INPUT_TEXTS.nothingToAnswer }]);
}

function notNewest(): InvalidInputError {
  return new InvalidInputError([{ path: 'messageId', message: INPUT_TEXTS.notNewest }]);
}
