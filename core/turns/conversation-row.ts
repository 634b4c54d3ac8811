import type { Prisma } from '../../generated/prisma/client.ts';
import { INPUT_TEXTS } from '../conversation/texts.ts';
import { titleFrom } from '../conversation/title.ts';
import type { ConversationStatus } from '../conversation/vocabulary.ts';
import { InvalidInputError, NotFoundError } from '../errors.ts';
import { type Answer, answerRow } from './answer.ts';

/** The steps that the store's transactions are made of. */
export type Transaction = Prisma.TransactionClient;

export interface LockedRow {
  id: string;
  title: string | null;
  status: ConversationStatus;
  last_turn_id: string | null;
  pending_turn_id: string | null;
}

/** What a conversation is set to when no turn is pending. */
export const NOT_PENDING = { pendingTurnId: null, pendingTurnCause: null, pendingTurnModel: null };

export function failureOf({ turnId, failure }: Answer) {
  return failure && { failedTurnId: turnId, failureCode: failure.code, failureRetryable: failure.retryable };
}

/** Stores why a turn failed with the message that it answers; false where it answers none, as a greeting. */
export async function storeFailure(
  tx: Transaction,
  conversationId: string,
  answer: Answer,
): Promise<boolean> {
  const failure = failureOf(answer);
  if (!failure) return false;
  const { turnId } = answer;
  const question = await tx.message.findFirst({
    where: { conversationId, turnId, role: 'USER', id: { lt: turnId } },
    orderBy: { id: 'desc' },
    select: { id: true },
  });
  if (question) await tx.message.update({ where: { id: question.id }, data: failure });
  return question !== null;
}

/** The title that a conversation's first message gives it; null before there is one. */
export async function firstTitle(tx: Transaction, conversationId: string): Promise<string | null> {
  const first = await tx.message.findFirst({
    where: { conversationId, role: 'USER' },
    orderBy: { id: 'asc' },
    select: { content: true },
  });
  return first && titleFrom(first.content);
}

export function otherText(): InvalidInputError {
  return new InvalidInputError([{ path: 'clientMessageId', message: INPUT_TEXTS.otherText }]);
}

/** How long to wait for a connection, and for the transaction's end: as openDatabase has it for each database. */
export const TRANSACTION = {};

export async function lock(tx: Transaction, conversationId: string, owner: string): Promise<LockedRow> {
  const [row] = await tx.$queryRaw<LockedRow[]>`
    SELECT id, title, status, last_turn_id, pending_turn_id FROM conversations
    WHERE id = ${conversationId}::uuid AND owner = ${owner} FOR NO KEY UPDATE`;
  if (!row) throw new NotFoundError();
  return row;
}

/** Answers how many messages were stored: one, or none when it was stored before or nothing had been said. */
export async function insertAnswer(tx: Transaction, conversationId: string, answer: Answer): Promise<number> {
  if (answer.text === '') return 0;
  const { count } = await tx.message.createMany({
    data: [answerRow(conversationId, answer)],
    skipDuplicates: true,
  });
  return count;
}
