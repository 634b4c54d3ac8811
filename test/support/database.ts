import { randomUUID } from 'node:crypto';
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

/** `openDatabase` migrates it, in about 0.15 s. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `taskflow_test_${randomUUID().replaceAll('-', '')}`;
  await onServer(`CREATE DATABASE ${name}`);
  const url = new URL(SERVER_URL);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function onServer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: SERVER_URL, connectionTimeoutMillis: 2000 });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
