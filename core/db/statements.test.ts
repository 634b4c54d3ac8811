import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
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
import { WRITER_ROLE } from './owners-policies.ts';
import { Statements } from './statements.ts';

const available = await isPostgresAvailable();

const OWNER: Owner = { owner: 'alice', tenant: 'acme' };
const KINDS = [
  ['prepared statements', (statements: Statements) => statements],
  ['prepared statements for an owner', (statements: Statements) => statements.as(OWNER)],
] as const;

describe.skipIf(!available).each(KINDS)(`${available ? '' : 'SKIPPED, no PostgreSQL: '}%s`, (_kind, of) => {
  let own: TestDatabase;
  let pool: pg.Pool;
  let statements: Statements;
  const took: number[] = [];
  beforeAll(async () => {
    own = await createTestDatabase();
    // Creates the roles.
    const options = { databaseUrl: own.url, dataDir: 'unused', migrationsDir: MIGRATIONS_DIR };
    await (await openDatabase(options)).close();
  });
  afterAll(() => own?.drop());
  beforeEach(async () => {
    // One session, so that the next statement sees what a test does to it.
    pool = createTestPool(own, { max: 1 });
    took.length = 0;
    const all = new Statements((query) => pool.query(query), {
      limit: (task) => task(),
      prepares: true,
      onQuery: (ms) => took.push(ms),
      queryAs: (owner, query) => queryAsOwner(pool, owner, 'changes', query),
    });
    statements = of(all);
    await pool.query(`CREATE TABLE thing (id int); GRANT ALL ON thing TO ${WRITER_ROLE}`);
    await pool.query('INSERT INTO thing VALUES (1)');
  });
  afterEach(async () => {
    await pool.query('DROP TABLE thing');
    await pool.end();
  });

  const things = (id = 1) => statements.rows<{ id: number }>`SELECT * FROM thing WHERE id = ${id}`;
  const prepared = async () =>
    (await pool.query<{ count: number }>('SELECT count(*)::int FROM pg_prepared_statements')).rows[0]?.count;

  test('accept values of every kind unchanged', async () => {
    const at = new Date('2026-02-03T04:05:06.789Z');
    const [row] = await statements.rows`
      SELECT ${'a\' "b" \u2028 👋'} AS text, ${2}::int AS number, ${true}::boolean AS bool, ${null}::text AS none,
        ${at}::timestamptz AS at, ${'{"a":[1]}'}::jsonb AS json, ${['x', 'y']}::text[] AS list`;
    expect(row).toEqual({
      ...{ text: 'a\' "b" \u2028 👋', number: 2, bool: true, none: null },
      ...{ at, json: { a: [1] }, list: ['x', 'y'] },
    });
  });

  test('are prepared once per connection, and each is measured', async () => {
    for (let i = 0; i < 3; i++) expect(await things()).toEqual([{ id: 1 }]);
    expect(await prepared()).toBe(1);
    expect(took).toHaveLength(3);
  });

  test('still work after a migration of their table, and are prepared again', async () => {
    await things();
    await pool.query('ALTER TABLE thing ADD COLUMN name text');
    for (let i = 0; i < 3; i++) expect(await things()).toEqual([{ id: 1, name: null }]);
    expect(await prepared()).toBe(1);
  });

  test('still work, without names, behind a pooler that gives each another session', async () => {
    await things();
    await pool.query('DEALLOCATE ALL');
    for (let i = 0; i < 3; i++) expect(await things()).toEqual([{ id: 1 }]);
    expect(await prepared()).toBe(0);
  });

  test('still work, without names, in a session with a statement of another client under the same name', async () => {
    await things();
    const { rows } = await pool.query<{ name: string }>('SELECT name FROM pg_prepared_statements');
    // A new connection on which another client has prepared the same name.
    pool.once('connect', (client) => void client.query(`PREPARE "${rows[0]?.name}" AS SELECT 2`));
    await pool.query('SELECT pg_terminate_backend(pg_backend_pid())').catch(() => {});
    expect(await things()).toEqual([{ id: 1 }]);
  });

  test('reject with every other error unchanged, without a retry', async () => {
    await expect(statements.rows`SELECT ${'x'}::int`).rejects.toMatchObject({ code: '22P02' });
    expect(await things()).toEqual([{ id: 1 }]);
    expect(await prepared()).toBe(1);
  });
});
