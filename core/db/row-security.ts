import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import type { Owner } from '../domain/owner.ts';

/**
 * The role as which owners' rows are read for a caller. It belongs to no person: it cannot log in, and may only read. The
 * policies of row security hold for it alone, so that backups, migrations and the workers see all rows.
 */
export const READER_ROLE = 'taskflow_reader';

/** The row that a table's policy lets the reader see. `owner` and `tenant` are settings of the transaction. */
const OWN = `owner = current_setting('taskflow.owner') AND tenant = current_setting('taskflow.tenant')`;
const POLICIES: Record<string, string> = {
  conversations: OWN,
  messages: 'EXISTS (SELECT FROM conversations WHERE conversations.id = conversation_id)',
  api_tokens: OWN,
  inference_logs: `tenant = current_setting('taskflow.tenant')`,
};

/** PostgreSQL's errors of a role that may not do what is asked, or of a cluster in which roles cannot be created. */
const MAY_NOT: ReadonlySet<string> = new Set(['42501', '0LP01', '2BP01', '0A000']);

/**
 * Lets PostgreSQL itself hold that a caller reads their own rows only: the second wall behind `core/store`. Idempotent; of
 * several processes at once each succeeds.
 *
 * @returns why it is not in force: the database's user may not create the role; null when it is
 */
export async function secureRows(connection: pg.PoolConfig, schema: string): Promise<string | null> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock(hashtext($1))', [READER_ROLE]);
    await client.query(`SET LOCAL search_path = ${pg.escapeIdentifier(schema)}`);
    await createRole(client);
    await client.query(GRANTS.replaceAll('{schema}', pg.escapeIdentifier(schema)));
    for (const [table, own] of Object.entries(POLICIES)) await secure(client, schema, table, own);
    await client.query(`SET LOCAL ROLE ${READER_ROLE}; RESET ROLE; COMMIT`);
    return null;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    if (error instanceof pg.DatabaseError && MAY_NOT.has(error.code ?? '')) return error.message;
    throw error;
  } finally {
    await client.end();
  }
}

/** Roles belong to the whole cluster, so another database may create it at the same time. */
async function createRole(client: pg.Client): Promise<void> {
  await client.query(`
    DO $$ BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${READER_ROLE}') THEN
        CREATE ROLE ${READER_ROLE} NOLOGIN;
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END $$;
    DO $$ BEGIN
      IF NOT pg_has_role(current_user, '${READER_ROLE}', 'MEMBER') THEN
        GRANT ${READER_ROLE} TO CURRENT_USER;
      END IF;
    EXCEPTION WHEN unique_violation THEN NULL;
    END $$`);
}

const GRANTS = `GRANT USAGE ON SCHEMA {schema} TO ${READER_ROLE};
  GRANT SELECT ON ${Object.keys(POLICIES).join(', ')} TO ${READER_ROLE}`;

async function secure(client: pg.Client, schema: string, table: string, own: string): Promise<void> {
  const known = await client.query(
    `SELECT FROM pg_policies WHERE schemaname = $1 AND tablename = $2 AND policyname = 'taskflow_own'`,
    [schema, table],
  );
  if (known.rowCount) return;
  await client.query(`
    ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
    CREATE POLICY taskflow_own ON ${table} FOR SELECT TO ${READER_ROLE} USING (${own});
    CREATE POLICY taskflow_others ON ${table} USING (current_user <> '${READER_ROLE}')`);
}

/** Whose rows the current query reads. */
const reading = new AsyncLocalStorage<Owner>();

/** Runs `read` with a client of {@link readersPool}: every query of it sees rows of this owner alone. */
export function asReaderOf<T>(owner: Owner, read: () => Promise<T>): Promise<T> {
  // Queries of Prisma begin when they are awaited.
  return reading.run(owner, async () => await read());
}

/**
 * The pool, but each query is a transaction as the reader, for the owner of {@link asReaderOf}: four statements in one round
 * trip. A query without an owner is refused.
 */
export function readersPool(pool: pg.Pool): pg.Pool {
  const query = async (config: pg.QueryConfig): Promise<pg.QueryResult> => {
    const owner = reading.getStore();
    if (!owner) throw new Error('a read of owners’ rows without an owner');
    const client = (await pool.connect()) as pg.PoolClient & { pipeline: boolean };
    client.pipeline = true;
    try {
      const [, , result] = await Promise.all([
        client.query(BEGIN),
        client.query({ ...SET_OWNER, values: [owner.owner, owner.tenant] }),
        client.query(config),
        client.query('COMMIT'),
      ]);
      client.pipeline = false;
      client.release();
      return result;
    } catch (error) {
      // The other statements may still be under way.
      client.release(true);
      throw error;
    }
  };
  return Object.create(pool, { query: { value: query }, connect: { value: refuseConnection } }) as pg.Pool;
}

/** A transaction of Prisma has a connection to itself, which would not be the reader's. */
async function refuseConnection(): Promise<never> {
  throw new Error('owners’ rows are read without a transaction');
}

const BEGIN = `BEGIN READ ONLY`;
const SET_OWNER = {
  text: `SELECT set_config('taskflow.owner', $1, true), set_config('taskflow.tenant', $2, true), set_config('role', '${READER_ROLE}', true)`,
};
