import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../../core/db/database.ts';
import {
  CONVERSATION_STATUSES,
  INTERRUPTION_REASONS,
  MESSAGE_ROLES,
  MESSAGE_STATUSES,
  MODEL_ERROR_CODES,
  PACINGS,
  PERSON_ROLES,
  TURN_CAUSES,
} from '../../../core/domain/vocabulary.ts';
import { INFERENCE_STATUSES } from '../../../core/inference/inference-record.ts';

const VOCABULARY: [table: string, column: string, words: readonly string[]][] = [
  ['conversations', 'status', CONVERSATION_STATUSES],
  ['conversations', 'pacing', PACINGS],
  ['conversations', 'pending_turn_cause', TURN_CAUSES],
  ['conversations', 'failure_code', MODEL_ERROR_CODES],
  ['messages', 'role', MESSAGE_ROLES],
  ['messages', 'status', MESSAGE_STATUSES],
  ['messages', 'interruption_reason', INTERRUPTION_REASONS],
  ['messages', 'failure_code', MODEL_ERROR_CODES],
  ['inference_logs', 'status', INFERENCE_STATUSES],
  ['inference_logs', 'error_code', MODEL_ERROR_CODES],
  ['users', 'role', PERSON_ROLES],
];
const FAILED = { failedTurnId: uuid(), failureCode: 'TIMEOUT', failureRetryable: true };

/** The rules that the schema enforces, to run inside a `describe` for each kind of database. */
export function schemaContract(open: () => Promise<Database>): void {
  let db: Database;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db?.close());

  const conversation = (fields: object = {}) =>
    db.prisma.conversation.create({
      data: {
        id: uuid(),
        owner: 'local',
        status: 'ACTIVE',
        model: 'm',
        provider: 'p',
        pacing: 'HUMAN',
        lastActivityAt: new Date(),
        ...fields,
      },
    });
  const message = (conversationId: string, fields: object = {}) =>
    db.prisma.message.create({
      data: { id: uuid(), conversationId, role: 'USER', content: 'hi', status: 'COMPLETED', ...fields },
    });
  const log = (fields: object = {}) =>
    db.prisma.inferenceLog.create({
      data: {
        id: uuid(),
        model: 'm',
        provider: 'p',
        latencyMs: 1,
        inputTokens: 1,
        outputTokens: 1,
        status: 'SUCCESS',
        ...fields,
      },
    });

  test.each(VOCABULARY)(
    '%s.%s allows the values of the vocabulary and no other, and the error names the column',
    async (table, column, words) => {
      const { id: conversationId } = await conversation({
        ...FAILED,
        pendingTurnId: uuid(),
        pendingTurnCause: 'GREETING',
      });
      await message(conversationId, { ...FAILED, status: 'INTERRUPTED' });
      await log({ conversationId });
      await db.prisma.user.create({ data: { id: uuid(), name: '', email: `${uuid()}@example.com` } });
      const name = `${table}_${column}_check`;
      const [check] = await db.prisma.$queryRaw<{ definition: string }[]>`
      SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conname = ${name}`;
      const [, list = ''] = check?.definition.match(/ARRAY\[(.*?)\]/) ?? [];
      expect(Array.from(list.matchAll(/'(\w+)'/g), ([, word]) => word)).toEqual([...words]);
      const other = db.prisma.$executeRawUnsafe(`UPDATE ${table} SET ${column} = 'OTHER'`);
      await expect(other).rejects.toThrow(name);
    },
  );

  test.each([
    ['message count', { messageCount: -1 }],
    ['pending turn without a cause', { pendingTurnId: uuid() }],
    ['cause without a pending turn', { pendingTurnCause: 'GREETING' }],
  ])('a conversation with a wrong %s is refused', async (_, fields) => {
    await expect(conversation(fields)).rejects.toThrow(/check/);
  });

  test.each([
    ['latency', { latencyMs: -1 }],
    ['time to first token', { timeToFirstTokenMs: -1 }],
  ])('an inference log with a wrong %s is refused', async (_, fields) => {
    await expect(log(fields)).rejects.toThrow(/check/);
  });

  test('a client message id is unique within its conversation, not across conversations', async () => {
    const clientMessageId = uuid();
    const [one, other] = [await conversation(), await conversation()];
    await message(one.id, { clientMessageId });
    await message(other.id, { clientMessageId });
    await expect(message(one.id, { clientMessageId })).rejects.toMatchObject({ code: 'P2002' });
  });

  test('any number of messages have no client message id', async () => {
    const { id } = await conversation();
    await message(id);
    await message(id);
    expect(await db.prisma.message.count({ where: { conversationId: id } })).toBe(2);
  });

  test('a message needs an existing conversation', async () => {
    await expect(message(uuid())).rejects.toMatchObject({ code: 'P2003' });
  });

  test('deleting a conversation deletes its own messages and inference logs only', async () => {
    const [gone, kept] = [await conversation(), await conversation()];
    for (const { id } of [gone, kept]) {
      await log({ conversationId: id, messageId: (await message(id)).id });
    }
    await db.prisma.conversation.delete({ where: { id: gone.id } });
    const left = { where: { conversationId: { in: [gone.id, kept.id] } }, select: { conversationId: true } };
    expect(await db.prisma.message.findMany(left)).toEqual([{ conversationId: kept.id }]);
    expect(await db.prisma.inferenceLog.findMany(left)).toEqual([{ conversationId: kept.id }]);
  });

  test('times are kept to the millisecond, and text of every script is kept unchanged', async () => {
    const at = new Date('2026-02-28T23:59:59.987Z');
    const { id } = await conversation({ lastActivityAt: at });
    const content = 'नमस्ते 👩‍👩‍👧 日本語 ё\n"\'\\ ; --';
    const said = await message(id, { content });
    expect((await db.prisma.conversation.findUnique({ where: { id } }))?.lastActivityAt).toEqual(at);
    expect((await db.prisma.message.findUnique({ where: { id: said.id } }))?.content).toBe(content);
  });

  test('a transaction that fails has no effect', async () => {
    const id = uuid();
    const attempt = db.prisma.$transaction(async (tx) => {
      await tx.$executeRaw`INSERT INTO public.conversations (id, owner, status, model, provider, pacing, last_activity_at,
        updated_at) VALUES (${id}::uuid, 'o', 'ACTIVE', 'm', 'p', 'HUMAN', now(), now())`;
      throw new Error('second thoughts');
    });
    await expect(attempt).rejects.toThrow('second thoughts');
    expect(await db.prisma.conversation.count({ where: { id } })).toBe(0);
  });
}
