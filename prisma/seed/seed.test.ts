import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../core/db/database.ts';
import { timeOfId } from '../../core/domain/ids.ts';
import { CONVERSATION_STATUSES } from '../../core/domain/vocabulary.ts';
import { INFERENCE_STATUSES } from '../../core/inference/inference-record.ts';
import { previewOf } from '../../core/text/preview.ts';
import {
  createTestDatabase,
  isPostgresAvailable,
  MIGRATIONS_DIR,
  type TestDatabase,
} from '../../test/support/database.ts';
import { seedMonth } from './month.ts';
import { seedVolume } from './volume.ts';

const NOW = new Date('2026-03-15T12:00:00Z');
const TOTAL = 2_100;

describe.skipIf(!(await isPostgresAvailable()))('the seed', () => {
  let own: TestDatabase;
  let db: Database;
  beforeAll(async () => {
    own = await createTestDatabase();
    db = await openDatabase({ databaseUrl: own.url, dataDir: 'unused', migrationsDir: MIGRATIONS_DIR });
  });
  afterAll(async () => {
    await db?.close();
    await own?.drop();
  });
  const all = () => db.prisma.conversation.findMany({ include: { messages: { orderBy: { id: 'asc' } } } });

  test('is stored once, even if it is run again on a later day', async () => {
    const added = await seedMonth(db.prisma, NOW);
    expect(added).toBeGreaterThan(20);
    expect(await seedMonth(db.prisma, new Date(NOW.getTime() + 86_400_000))).toBe(0);
    expect(await db.prisma.conversation.count()).toBe(added);
  });

  test('has every status, interrupted answers, and calls that failed or were aborted', async () => {
    const counts = await Promise.all([
      ...CONVERSATION_STATUSES.map((status) => db.prisma.conversation.count({ where: { status } })),
      db.prisma.message.count({ where: { status: 'INTERRUPTED' } }),
      ...INFERENCE_STATUSES.map((status) => db.prisma.inferenceLog.count({ where: { status } })),
    ]);
    expect(Math.min(...counts)).toBeGreaterThan(0);
  });

  test('fills up to the requested number, and not further', async () => {
    const before = await db.prisma.conversation.count();
    expect(await seedVolume(db.prisma, TOTAL, NOW)).toBe(TOTAL - before);
    expect(await seedVolume(db.prisma, TOTAL, NOW)).toBe(0);
  });

  test('its counters, previews and times match its messages, and no message is in the future', async () => {
    for (const conversation of await all()) {
      const { messages } = conversation;
      const last = messages.at(-1);
      expect(conversation.messageCount).toBe(messages.length);
      expect(conversation.lastActivityAt).toEqual(last?.createdAt);
      expect(conversation.lastMessagePreview).toBe(previewOf(last?.content ?? ''));
      for (const message of messages) {
        expect(timeOfId(message.id)).toBe(message.createdAt.getTime());
        expect(message.createdAt.getTime()).toBeLessThan(NOW.getTime());
      }
    }
  });
});
