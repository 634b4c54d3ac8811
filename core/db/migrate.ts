import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { MigrationError } from './errors.ts';
import { readMigrations } from './migration-files.ts';
import { readPending } from './migration-history.ts';
import { loadSchemaEngine } from './schema-engine.ts';

export interface MigrateOptions {
  readonly connection: pg.PoolConfig;
  /** Folder in Prisma's layout: `<timestamp>_<name>/migration.sql`. */
  readonly migrationsDir: string;
  /** Default `public`. */
  readonly schema?: string;
}

/** The advisory lock of Prisma's own `migrate deploy`, so that the two exclude each other. */
const LOCK_KEY = 72_707_369;

/** The longest wait for another process that migrates, or for a table that is in use. */
const LOCK_TIMEOUT = '60s';

/**
 * Migrates the database to the newest local migration, and resolves to the names of the applied ones, oldest first. Any
 * number of processes may call it at once: one migrates, the others wait and find nothing to do. All pending migrations are
 * one transaction, so a crash or a fault in any of them leaves the database unchanged. Therefore no migration may use what
 * PostgreSQL refuses in a transaction, such as CREATE INDEX CONCURRENTLY.
 *
 * @throws MigrationError when a migration fails, one has failed before, or the database has an unknown one.
 *   An error of the connection is thrown as it comes from `pg`.
 */
export async function migrate({
  connection,
  migrationsDir,
  schema = 'public',
}: MigrateOptions): Promise<string[]> {
  const migrations = await readMigrations(migrationsDir);
  const names = migrations.migrationDirectories.map(({ path }) => path);
  const pool = singleConnection(connection);
  try {
    if ((await readPending(pool, schema, names)).length === 0) return [];
    await pool.query(`BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
    await takeLock(pool);
    const pending = await readPending(pool, schema, names);
    if (pending.length > 0) await applyMigrations(pool, schema, migrations);
    await pool.query('COMMIT');
    return pending;
  } finally {
    await pool.end();
  }
}

async function takeLock(pool: pg.Pool): Promise<void> {
  try {
    await pool.query('SELECT pg_advisory_xact_lock($1)', [LOCK_KEY]);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== '55P03') throw error;
    throw new MigrationError(`Another process has been migrating the database for over ${LOCK_TIMEOUT}`, {
      cause: error,
    });
  }
}

type Migrations = Awaited<ReturnType<typeof readMigrations>>;

async function applyMigrations(pool: pg.Pool, schema: string, migrationsList: Migrations): Promise<void> {
  // After a failure the engine tries to record it in its table, fails again, and reports only the second error.
  const faults: Error[] = [];
  pool.on('release', (fault) => {
    if (fault instanceof Error) faults.push(fault);
  });
  await pool.query(`CREATE SCHEMA IF NOT EXISTS ${pg.escapeIdentifier(schema)}`);
  await pool.query(`SET LOCAL search_path = ${pg.escapeIdentifier(schema)}`);
  const engine = await loadSchemaEngine(new PrismaPg(pool, { schema }), [
    ['schema.prisma', 'datasource db {\n  provider = "postgresql"\n}\n'],
  ]);
  try {
    await engine.applyMigrations({ migrationsList, filters: { externalTables: [], externalEnums: [] } });
  } catch (error) {
    const cause = faults[0] ?? error;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MigrationError(`A migration failed, and nothing was changed: ${oneLine(reason)}`, { cause });
  } finally {
    engine.free();
  }
}

/**
 * The transaction and its lock belong to one connection, so the pool never opens another one. A failed statement ends the
 * connection, and so rolls back.
 */
function singleConnection(connection: pg.PoolConfig): pg.Pool {
  let connected = false;
  const pool = new pg.Pool({
    ...connection,
    max: 1,
    idleTimeoutMillis: 0,
    onConnect() {
      if (connected) throw new Error('the connection was lost');
      connected = true;
    },
  });
  pool.on('error', () => {});
  return pool;
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, ' ');
}
