import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createTestDatabase,
  createTestPool,
  isPostgresAvailable,
  MIGRATIONS_DIR,
  type TestDatabase,
} from '../../test/support/database.ts';
import type { Owner } from '../domain/owner.ts';
import { queryAsOwner } from './as-owner.ts';
import { openDatabase } from './database.ts';
import { OWNERS_TABLES } from './owners-policies.ts';

const ALICE: Owner = { owner: 'alice', tenant: 'acme' };
const BOB: Owner = { owner: 'bob', tenant: 'acme' };
const OTHERS: Owner[] = [BOB, { owner: 'alice', tenant: 'evil' }, { owner: '', tenant: '' }];
const ALICES = randomUUID();
const BOBS = randomUUID();

type Row = Record<string, unknown>;

const SETTINGS = { status: 'ACTIVE', model: 'm', provider: 'p', pacing: 'HUMAN' };
const CALL = {
  model: 'm',
  provider: 'p',
  latency_ms: 1,
  input_tokens: 1,
  output_tokens: 1,
  status: 'SUCCESS',
};

/** A new row of Alice's in each table. */
const MAKE: Record<string, () => Row> = {
  conversations: () => ({
    id: randomUUID(),
    ...ALICE,
    ...SETTINGS,
    last_activity_at: 'now',
    updated_at: 'now',
  }),
  messages: () => ({
    ...{ id: randomUUID(), conversation_id: ALICES, role: 'USER', content: 'x', status: 'COMPLETED' },
  }),
  regenerations: () => ({ conversation_id: ALICES, client_request_id: randomUUID(), turn_id: randomUUID() }),
  deletions: () => ({ conversation_id: ALICES }),
  pending_turn_rests: () => ({
    ...{ conversation_id: ALICES, turn_id: randomUUID(), text: 'x', spoken: 0, tokens: 0 },
    ...{ model: 'm', ending: '{}', reading_wpm: 300 },
  }),
  api_tokens: () => ({
    ...{
      id: randomUUID(),
      ...ALICE,
      role: 'USER',
      name: 'n',
      prefix: 'tf_',
      hash: randomUUID(),
      scopes: '{}',
    },
  }),
  inference_logs: () => ({ id: randomUUID(), ...ALICE, ...CALL, conversation_id: ALICES }),
};

/** The tables that have at most one row of a conversation. */
const ONE_A_CONVERSATION = ['deletions', 'pending_turn_rests'];

const available = await isPostgresAvailable();

describe.skipIf(!available)(`${available ? '' : 'SKIPPED, no PostgreSQL: '}what an owner may change`, () => {
  let own: TestDatabase;
  let pool: pg.Pool;

  beforeAll(async () => {
    own = await createTestDatabase();
    const options = { databaseUrl: own.url, dataDir: 'unused', migrationsDir: MIGRATIONS_DIR };
    await (await openDatabase(options)).close();
    pool = createTestPool(own);
    for (const [id, owner] of [
      [ALICES, ALICE],
      [BOBS, BOB],
    ] as const)
      await insert('conversations', { ...MAKE.conversations?.(), id, ...owner });
    for (const table of OWNERS_TABLES) if (table !== 'conversations') await insert(table, rowFor(table));
  });
  afterAll(async () => {
    await pool?.end();
    await own?.drop();
  });

  const rowFor = (table: string): Row => MAKE[table]?.() ?? {};
  const inserted = (table: string, row: Row) => ({
    text: `INSERT INTO ${table} (${Object.keys(row)}) VALUES (${Object.keys(row).map((_name, i) => `$${i + 1}`)})`,
    values: Object.values(row),
  });
  const insert = (table: string, row: Row) => pool.query(inserted(table, row));
  const changeAs = (owner: Owner, text: string, values: unknown[] = []) =>
    queryAsOwner(pool, owner, 'changes', { text, values });
  const rowsOf = async (table: string) =>
    (await pool.query(`SELECT to_jsonb(rows) AS row FROM ${table} AS rows ORDER BY 1`)).rows;

  test('is bounded in each table with rows of owners', async () => {
    const { rows } = await pool.query<{ table: string }>(`
      SELECT DISTINCT table_name AS table FROM information_schema.columns
      WHERE table_schema = 'public' AND column_name IN ('owner', 'tenant', 'conversation_id')`);
    expect(rows.map(({ table }) => table).sort()).toEqual([...OWNERS_TABLES].sort());
    expect(Object.keys(MAKE).sort()).toEqual([...OWNERS_TABLES].sort());
  });

  describe.each(OWNERS_TABLES)('%s', (table) => {
    test.each(OTHERS)('a change that names no owner does nothing of hers as %o', async (other) => {
      const before = await rowsOf(table);
      const [column] = Object.keys(rowFor(table));
      const isHers = table === 'conversations' ? ` WHERE id = '${ALICES}'` : '';
      const isSeen = table === 'inference_logs' && other.tenant === ALICE.tenant;
      for (const text of [
        ...(isSeen ? [] : [`SELECT FROM ${table}${isHers}`]),
        `UPDATE ${table} SET ${column} = ${column}${isHers}`,
        `DELETE FROM ${table}${isHers}`,
      ])
        expect([text, (await changeAs(other, text)).rowCount]).toEqual([text, 0]);
      expect(await rowsOf(table)).toEqual(before);
      expect((await changeAs(ALICE, `SELECT FROM ${table}`)).rowCount).toBeGreaterThan(0);
    });

    // Calls are a tenant's: a service may report one for a conversation of its tenant.
    const strangers =
      table === 'inference_logs' ? OTHERS.filter(({ tenant }) => tenant !== ALICE.tenant) : OTHERS;
    test.each(strangers)('no row of hers is made as %o', async (other) => {
      const { text, values } = inserted(table, rowFor(table));
      const before = await rowsOf(table);
      await expect(changeAs(other, text, values)).rejects.toThrow('row-level security');
      expect(await rowsOf(table)).toEqual(before);
    });

    test('she makes, changes and deletes her own', async () => {
      await changeAs(ALICE, `DELETE FROM ${table} WHERE false`);
      if (ONE_A_CONVERSATION.includes(table)) await changeAs(ALICE, `DELETE FROM ${table}`);
      const row = rowFor(table);
      const { text, values } = inserted(table, row);
      expect((await changeAs(ALICE, text, values)).rowCount).toBe(1);
      const [[column, key]] = Object.entries(row) as [[string, unknown]];
      const [last, value] = Object.entries(row).at(-1) as [string, unknown];
      const set = `UPDATE ${table} SET ${last} = $1 WHERE ${column} = $2`;
      expect((await changeAs(ALICE, set, [value, key])).rowCount).toBeGreaterThan(0);
      if (column !== 'id') return;
      expect((await changeAs(ALICE, `DELETE FROM ${table} WHERE id = $1`, [key])).rowCount).toBe(1);
    });
  });

  test.each([
    `UPDATE conversations SET owner = 'bob'`,
    `UPDATE conversations SET tenant = 'evil'`,
    `UPDATE messages SET conversation_id = '${BOBS}'`,
    `UPDATE regenerations SET conversation_id = '${BOBS}'`,
    `UPDATE deletions SET conversation_id = '${BOBS}'`,
    `UPDATE api_tokens SET owner = 'bob'`,
    `UPDATE inference_logs SET tenant = 'evil'`,
  ])('no row of hers becomes one of another: %s', async (text) => {
    await expect(changeAs(ALICE, text)).rejects.toThrow('row-level security');
  });

  test.each([{}, { owner: null }, { conversation_id: null }])(
    'of a call with %o, the texts and ids can go, and the measurements stay',
    async (columns) => {
      const { text, values } = inserted('inference_logs', { ...rowFor('inference_logs'), ...columns });
      const { rows } = await pool.query(`${text} RETURNING id`, values);
      const anonymize = 'UPDATE inference_logs SET owner = NULL, conversation_id = NULL WHERE id = $1';
      expect((await changeAs(BOB, anonymize, [rows[0].id])).rowCount).toBe(0);
      expect((await changeAs(ALICE, anonymize, [rows[0].id])).rowCount).toBe(1);
      expect((await changeAs(ALICE, anonymize, [rows[0].id])).rowCount).toBe(0);
    },
  );

  test('a change that fails leaves nothing, and no owner on a connection', async () => {
    const before = await rowsOf('conversations');
    await expect(changeAs(ALICE, `UPDATE conversations SET title = 1 / 0`)).rejects.toThrow(
      'division by zero',
    );
    expect(await rowsOf('conversations')).toEqual(before);
    expect(await rowsOf('messages')).toHaveLength(1);
  });
});
