import pg from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import { describeConversations } from '../../test/support/contracts/conversation-store.ts';
import {
  createTestDatabase,
  isPostgresAvailable,
  MIGRATIONS_DIR,
  type TestDatabase,
} from '../../test/support/database.ts';
import { MemoryConversationStore } from '../../test/support/memory-conversation-store.ts';
import { newConversation } from '../conversations/new-conversation.ts';
import { type Database, openDatabase } from '../db/database.ts';
import { LOCAL_OWNER } from '../domain/owner.ts';
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

  test('a conversation is not settled while a change of it is under way', async () => {
    opened ??= open();
    const { test, database } = await opened;
    const conversations = new PgConversationStore(database.statements);
    const now = await conversations.now();
    const draft = newConversation({ ...LOCAL_OWNER, provider: 'p', model: 'm', pacing: 'HUMAN' }, now);
    const { id } = draft.row;
    await conversations.create({ ...draft, clientConversationId: null }, now + 60_000);
    const client = new pg.Client({ connectionString: test.url });
    await client.connect();
    for (const change of [`UPDATE conversations SET title = 'x'`, 'DELETE FROM conversations']) {
      await client.query('BEGIN');
      await client.query(`${change} WHERE id = $1`, [id]);
      expect(await conversations.settledAt(id)).toBeNull();
      await client.query('ROLLBACK');
      expect(await conversations.settledAt(id)).toBeGreaterThanOrEqual(now);
    }
    await client.end();
  });
} else {
  describe('SKIPPED: no PostgreSQL', () => {
    test.skip('the conversations contract on PostgreSQL', () => {});
  });
}
