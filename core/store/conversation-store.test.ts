import { afterAll, describe, test } from 'vitest';
import { describeConversations } from '../../test/support/contracts/conversation-store.ts';
import {
  createTestDatabase,
  isPostgresAvailable,
  MIGRATIONS_DIR,
  type TestDatabase,
} from '../../test/support/database.ts';
import { MemoryConversationStore } from '../../test/support/memory-conversation-store.ts';
import { type Database, openDatabase } from '../db/database.ts';
import { createLog } from '../telemetry/log.ts';
import { PgConversationStore } from './pg-conversation-store.ts';

describeConversations('in memory', async () => new MemoryConversationStore());

if (await isPostgresAvailable()) {
  let opened: Promise<{ test: TestDatabase; database: Database }> | null = null;
  const open = async () => {
    const test = await createTestDatabase();
    const log = createLog({ level: 'silent', format: 'json' });
    const options = { databaseUrl: test.url, dataDir: '', migrationsDir: MIGRATIONS_DIR, log };
    return { test, database: await openDatabase(options) };
  };
  afterAll(async () => {
    const { test, database } = (await opened) ?? {};
    await database?.close();
    await test?.drop();
  });
  describeConversations('PostgreSQL', async () => {
    opened ??= open();
    return new PgConversationStore((await opened).database.statements);
  });
} else {
  describe('SKIPPED: no PostgreSQL', () => {
    test.skip('the conversations contract on PostgreSQL', () => {});
  });
}
