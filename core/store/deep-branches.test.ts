import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createTestDatabase,
  isPostgresAvailable,
  MIGRATIONS_DIR,
  type TestDatabase,
} from '../../test/support/database.ts';
import { type Database, openDatabase } from '../db/database.ts';
import { READER_ROLE } from '../db/owners-policies.ts';
import { Statements } from '../db/statements.ts';
import { LOCAL_OWNER } from '../domain/owner.ts';
import { select } from '../turns/tree.ts';
import { BranchReads } from './branch-reads.ts';
import { OwnRows } from './own-rows.ts';
import { PgConversationStore } from './pg-conversation-store.ts';

const DEPTH = 10_000;

describe.skipIf(!(await isPostgresAvailable()))('two branches, each 10,000 messages deep', () => {
  let place: TestDatabase;
  let database: Database;
  let client: pg.Client;
  const id = uuidv7();
  const [visible, hidden] = [path(), path()];
  beforeAll(async () => {
    place = await createTestDatabase();
    database = await openDatabase({
      databaseUrl: place.url,
      dataDir: 'unused',
      migrationsDir: MIGRATIONS_DIR,
    });
    client = new pg.Client({ connectionString: place.url });
    await client.connect();
    const { owner, tenant } = LOCAL_OWNER;
    await client.query(
      `INSERT INTO conversations (id, owner, tenant, status, model, provider, pacing, message_count, last_turn_id,
         last_activity_at, updated_at) VALUES ($1, $2, $3, 'ACTIVE', 'm', 'p', 'INSTANT', $4, $5, now(), now())`,
      [id, owner, tenant, DEPTH, hidden.at(-1)],
    );
    await plant(id, visible, hidden);
    // Others, as there are.
    for (const other of [uuidv7(), uuidv7()]) {
      await client.query(
        `INSERT INTO conversations (id, owner, tenant, status, model, provider, pacing, last_activity_at, updated_at)
         SELECT $1, owner, tenant, status, model, provider, pacing, now(), now() FROM conversations WHERE id = $2`,
        [other, id],
      );
      await plant(other, path(), []);
    }
    await client.query('VACUUM ANALYZE messages, conversations');
  });
  async function plant(conversationId: string, shown: readonly string[], others: readonly string[]) {
    await client.query(
      `INSERT INTO messages (id, conversation_id, role, content, status, parent_id, hidden_since)
       SELECT m.id, $1, CASE WHEN n % 2 = 1 THEN 'USER' ELSE 'ASSISTANT' END, repeat('word ', 40), 'COMPLETED', m.parent,
         CASE WHEN m.parent IS NULL THEN NULL ELSE 1 END
       FROM unnest($2::uuid[], $3::uuid[]) WITH ORDINALITY AS m(id, parent, n)`,
      [
        conversationId,
        [...shown, ...others],
        [...shown.map(() => null), ...others.map((_, i) => others[i - 1] ?? conversationId)],
      ],
    );
  }
  afterAll(async () => {
    await client?.end();
    await database?.close();
    await place?.drop();
  });

  test('the places of a page among their alternatives are read by indexes, under row security', async () => {
    const { owner, tenant } = LOCAL_OWNER;
    const plans: string[] = [];
    // Explains a statement as the owner's, and answers with no row.
    const explain = async ({ text, values }: pg.QueryConfig) => {
      await client.query('BEGIN');
      await client.query(
        `SELECT set_config('role', '${READER_ROLE}', true), set_config('taskflow.owner', $1, true),
           set_config('taskflow.tenant', $2, true)`,
        [owner, tenant],
      );
      const { rows, ...result } = await client.query(`EXPLAIN (ANALYZE) ${text}`, values);
      await client.query('ROLLBACK');
      plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
      return { ...result, rows: [] };
    };
    const rows = new Statements(explain, { limit: (task) => task(), prepares: false });
    const own = new OwnRows({ ...database, readRowsAs: (_owner, read) => read(rows) }, LOCAL_OWNER);
    await own.branchesOf(visible.slice(DEPTH / 2, DEPTH / 2 + 50));
    expect(plans).toHaveLength(1);
    // A comparison that row security keeps from the index reads every message before it.
    expect(plans[0]).not.toMatch(/Rows Removed by Filter: \d{2,}/);
  });

  test('are shown in turn, each whole, by one statement', async () => {
    const [branches, own] = [new BranchReads(database), new OwnRows(database, LOCAL_OWNER)];
    const store = new PgConversationStore(database.statements);
    for (const [branch, other] of [
      [hidden, visible],
      [visible, hidden],
    ] as const) {
      const snapshot = await store.read(id);
      if (!snapshot) throw new Error('no conversation');
      const fork = await branches.fork(id, branch[0] ?? '', LOCAL_OWNER, { onward: true });
      expect(fork).toMatchObject({ stays: null, hides: DEPTH, shows: branch });
      const draft = select(snapshot, fork);
      if (!draft) throw new Error('it is visible');
      const done = await store.commit(snapshot.row, draft, `to ${branch[0]}`, snapshot.now + 60_000);
      expect(done.outcome).toBe('committed');
      const { rows } = await client.query(
        `SELECT (array_agg(id ORDER BY id) FILTER (WHERE hidden_since IS NULL))::text[] AS shown,
           (array_agg(parent_id ORDER BY id) FILTER (WHERE hidden_since IS NOT NULL))::text[] AS parents
         FROM messages WHERE conversation_id = $1`,
        [id],
      );
      expect(rows).toEqual([{ shown: branch, parents: [id, ...other.slice(0, -1)] }]);
      const [first] = await own.branchesOf(branch.slice(0, 1));
      expect(first).toMatchObject({ index: branch === visible ? 0 : 1, count: 2 });
    }
  });
});

function path(): string[] {
  return Array.from({ length: DEPTH }, () => uuidv7());
}
