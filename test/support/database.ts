import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

/** An empty database for one test suite, on a real PostgreSQL. */
export interface TestDatabase {
  readonly url: string;
  /** Drops it, also while clients are connected. */
  drop(): Promise<void>;
}

/** The project's migrations. */
export const MIGRATIONS_DIR = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

const SERVER_URL = process.env.TEST_DATABASE_URL ?? 'postgresql://postgres@127.0.0.1:5432/postgres';

/**
 * Whether the PostgreSQL of the tests answers: TEST_DATABASE_URL, or the local one. If it does not, a line on stderr says so,
 * because skipped suites must not be taken for passed ones.
 */
export async function isPostgresAvailable(): Promise<boolean> {
  try {
    await onServer('SELECT 1');
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`SKIPPED: the tests that need PostgreSQL, which is not reachable: ${reason}\n`);
    return false;
  }
}

/** What the names of the databases of one run of the tests begin with. */
const PREFIX = `taskflow_test_${process.env.TEST_RUN ?? 'alone'}_`;

/** `openDatabase` migrates it, in about 0.15 s. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `${PREFIX}${randomBytes(8).toString('hex')}`;
  await onServer(`CREATE DATABASE ${name}`);
  return { url: urlOf(name), drop: () => onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/** Connections to a database that is dropped once they end: a session that has not ended by then ends with an error, which is none here. */
export function createTestPool({ url }: TestDatabase, options: pg.PoolConfig = {}): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, ...options });
  pool.on('connect', (client) => client.on('error', () => {}));
  pool.on('error', () => {});
  return pool;
}

/** Drops every database of this run that is still there. */
export function dropTestDatabases(): Promise<void> {
  return onServer(async (client) => {
    const { rows } = await client.query('SELECT datname FROM pg_database WHERE starts_with(datname, $1)', [
      PREFIX,
    ]);
    for (const { datname } of rows) await client.query(`DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`);
  });
}

/** Databases that a suite is done with, migrated and empty. */
const idle: string[] = [];

/**
 * A database for suites that presume the project's tables in it and leave these as they are. It is used again: creating and
 * dropping one takes PostgreSQL 0.3 s, and the first connections to a new one are slow.
 */
export async function borrowTestDatabase(): Promise<TestDatabase> {
  const url = idle.pop() ?? (await createTestDatabase()).url;
  return {
    url,
    async drop() {
      await onServer(empty, url);
      idle.push(url);
    },
  };
}

/** Ends every other connection, and deletes all rows but those that say which migrations were applied. */
async function empty(client: pg.Client): Promise<void> {
  await client.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );
  await client.query(`DO $$
    DECLARE name text;
    BEGIN
      SET LOCAL session_replication_role = replica; -- no foreign keys: any order
      FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' LOOP
        EXECUTE format('DELETE FROM public.%I', name);
      END LOOP;
    END $$`);
}

function urlOf(name: string): string {
  const url = new URL(SERVER_URL);
  url.pathname = `/${name}`;
  return url.href;
}

async function onServer(
  run: string | ((client: pg.Client) => Promise<void>),
  url = SERVER_URL,
): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  await client.connect();
  try {
    await (typeof run === 'string' ? client.query(run) : run(client));
  } finally {
    await client.end();
  }
}
