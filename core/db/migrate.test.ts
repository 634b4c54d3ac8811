import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  createTestDatabase,
  isPostgresAvailable,
  MIGRATIONS_DIR,
  type TestDatabase,
} from '../../test/support/database.ts';
import { MigrationError } from './errors.ts';
import { migrate } from './migrate.ts';
import { readMigrations } from './migration-files.ts';
import { loadSchemaEngine } from './schema-engine.ts';

vi.mock('./schema-engine.ts', { spy: true });

describe.skipIf(!(await isPostgresAvailable()))('migrate', () => {
  let own: TestDatabase;
  let connection: pg.PoolConfig;
  let folder: string;
  beforeEach(async () => {
    own = await createTestDatabase();
    connection = { connectionString: own.url };
    folder = await mkdtemp(join(tmpdir(), 'migrations-'));
    await writeFile(join(folder, 'migration_lock.toml'), 'provider = "postgresql"\n');
    vi.mocked(loadSchemaEngine).mockClear();
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
    await own.drop();
  });

  const query = async (sql: string) => {
    const client = new pg.Client(connection);
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  const add = async (name: string, sql: string) => {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'migration.sql'), sql);
  };
  const run = () => migrate({ connection, migrationsDir: folder });
  const tables = async () =>
    (await query("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")).map(
      ({ tablename }) => tablename,
    );

  test('an empty database gets every migration, in order', async () => {
    await add('20250102000000_second', 'ALTER TABLE a ADD COLUMN y int;');
    await add('20250101000000_first', 'CREATE TABLE a (x int);');
    expect(await run()).toEqual(['20250101000000_first', '20250102000000_second']);
    expect(await query('SELECT x, y FROM a')).toEqual([]);
  });

  test('only missing migrations are applied', async () => {
    await add('20250101000000_first', 'CREATE TABLE a (x int);');
    await run();
    await add('20250102000000_second', 'CREATE TABLE b (x int);');
    expect(await run()).toEqual(['20250102000000_second']);
  });

  test('a database that is up to date is not changed, and the engine is not loaded', async () => {
    await migrate({ connection, migrationsDir: MIGRATIONS_DIR });
    vi.mocked(loadSchemaEngine).mockClear();
    expect(await migrate({ connection, migrationsDir: MIGRATIONS_DIR })).toEqual([]);
    expect(loadSchemaEngine).not.toHaveBeenCalled();
  });

  test('of several processes at once, one migrates and all succeed', async () => {
    const applied = await Promise.all(
      Array.from({ length: 4 }, () => migrate({ connection, migrationsDir: MIGRATIONS_DIR })),
    );
    const { migrationDirectories } = await readMigrations(MIGRATIONS_DIR);
    expect(applied.flat()).toEqual(migrationDirectories.map(({ path }) => path));
    const rows = await query('SELECT finished_at IS NOT NULL AS finished FROM _prisma_migrations');
    expect(rows).toEqual(migrationDirectories.map(() => ({ finished: true })));
  });

  test('a migration that fails changes nothing, reports the reason, and can be retried after a fix', async () => {
    await add('20250101000000_fine', 'CREATE TABLE a (x int);');
    await add('20250102000000_wrong', 'CREATE TABLE b (x int);\nCREATE TABLE a (x int);');
    await expect(run()).rejects.toThrow(
      new MigrationError('A migration failed, and nothing was changed: relation "a" already exists'),
    );
    expect(await tables()).toEqual([]);
    await writeFile(join(folder, '20250102000000_wrong', 'migration.sql'), 'CREATE TABLE b (x int);');
    expect(await run()).toHaveLength(2);
  });

  test('a database of a newer version is refused', async () => {
    await add('20250101000000_first', 'CREATE TABLE a (x int);');
    await add('20250102000000_newer', 'CREATE TABLE b (x int);');
    await run();
    await rm(join(folder, '20250102000000_newer'), { recursive: true });
    await expect(run()).rejects.toThrow(/20250102000000_newer.*newer TaskFlow/);
  });

  test('a migration that is recorded as begun but not finished is refused until it is marked', async () => {
    await add('20250101000000_first', 'CREATE TABLE a (x int);');
    await run();
    await query('UPDATE _prisma_migrations SET finished_at = NULL');
    await expect(run()).rejects.toThrow(/records migration 20250101000000_first as failed/);
    await query('UPDATE _prisma_migrations SET rolled_back_at = now(); DROP TABLE a');
    expect(await run()).toEqual(['20250101000000_first']);
  });

  test('a missing folder is one clear error', async () => {
    await expect(migrate({ connection, migrationsDir: join(folder, 'none') })).rejects.toThrow(
      MigrationError,
    );
  });

  test('the tables are created in the named schema', async () => {
    await add('20250101000000_first', 'CREATE TABLE a (x int);');
    await migrate({ connection, migrationsDir: folder, schema: 'Mine' });
    expect(await query('SELECT * FROM "Mine".a')).toEqual([]);
    expect(await tables()).toEqual([]);
  });

  test('the migrations create exactly the tables of schema.prisma', async () => {
    await migrate({ connection, migrationsDir: MIGRATIONS_DIR });
    const path = join(MIGRATIONS_DIR, '..', 'schema.prisma');
    const files = [{ path, content: await readFile(path, 'utf8') }];
    const pool = new pg.Pool(connection);
    const engine = await loadSchemaEngine(catalogueAdapter(pool), [[path, files[0]?.content ?? '']]);
    const difference = await engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: MIGRATIONS_DIR },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: true,
      filters: { externalTables: [], externalEnums: [] },
    });
    engine.free();
    await pool.end();
    expect(difference).toMatchObject({ stdout: '-- This is an empty migration.\n', exitCode: 0 });
  });
});

/**
 * An adapter that can read the catalog: the engine expects its one-letter type "char" as a character, which the plain
 * adapter refuses.
 */
function catalogueAdapter(pool: pg.Pool): PrismaPg {
  const letters = new Set<string>();
  const query = async (...args: unknown[]) => {
    const result: pg.QueryResult = await Reflect.apply(pool.query, pool, args);
    for (const field of result.fields.filter(({ dataTypeID }) => dataTypeID === pg.types.builtins.CHAR)) {
      letters.add(field.name);
      field.dataTypeID = pg.types.builtins.TEXT;
    }
    return result;
  };
  const adapter = new PrismaPg(
    new Proxy(pool, { get: (target, key) => (key === 'query' ? query : Reflect.get(target, key)) }),
  );
  const connect = adapter.connect.bind(adapter);
  adapter.connect = async () => {
    const connected = await connect();
    const queryRaw = connected.queryRaw.bind(connected);
    connected.queryRaw = async (text) => {
      const result = await queryRaw(text);
      const typeOf = (name: string, index: number) =>
        letters.has(name) ? ColumnTypeEnum.Character : (result.columnTypes[index] ?? ColumnTypeEnum.Text);
      return { ...result, columnTypes: result.columnNames.map(typeOf) };
    };
    return connected;
  };
  return adapter;
}
