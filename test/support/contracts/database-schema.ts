import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../../core/db/database.ts';
import {
  CONVERSATION_STATUSES,
  MESSAGE_ROLES,
  MESSAGE_STATUSES,
  MODEL_ERROR_CODES,
  PACINGS,
  TURN_CAUSES,
} from '../../../core/domain/vocabulary.ts';

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

  test('the allowed values of a column are those of the vocabulary', async () => {
    const words = async (table: string, column: string) => {
      const rows = await db.prisma.$queryRaw<{ definition: string }[]>`
        SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conname = ${`${table}_${column}_check`}`;
      return Array.from(rows[0]?.definition.matchAll(/'(\w+)'/g) ?? [], (match) => match[1]);
    };
    expect(await words('conversations', 'status')).toEqual([...CONVERSATION_STATUSES]);
    expect(await words('conversations', 'pacing')).toEqual([...PACINGS]);
    expect(await words('conversations', 'pending_turn_cause')).toEqual([...TURN_CAUSES]);
    expect(await words('messages', 'role')).toEqual([...MESSAGE_ROLES]);
    expect(await words('messages', 'status')).toEqual([...MESSAGE_STATUSES]);
    expect(await words('inference_logs', 'status')).toEqual(['SUCCESS', 'ERROR', 'ABORTED']);
    expect(await words('inference_logs', 'error_code')).toEqual([...MODEL_ERROR_CODES]);
  });

  test.each([
    ['status', { status: 'active' }],
    ['pacing', { pacing: 'FAST' }],
    ['message count', { messageCount: -1 }],
    ['turn cause', { pendingTurnId: uuid(), pendingTurnCause: 'BOREDOM' }],
    ['pending turn without a cause', { pendingTurnId: uuid() }],
    ['cause without a pending turn', { pendingTurnCause: 'GREETING' }],
  ])('a conversation with a wrong %s is refused', async (_, fields) => {
    await expect(conversation(fields)).rejects.toThrow(/check/);
  });

  test('a message with a wrong role or status is refused', async () => {
    const { id } = await conversation();
    await expect(message(id, { role: 'ROBOT' })).rejects.toThrow(/check/);
    await expect(message(id, { status: 'ABORTED' })).rejects.toThrow(/check/);
  });

  test.each([
    ['status', { status: 'FAILED' }],
    ['error code', { errorCode: 'OOPS' }],
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
