import pg from 'pg';
import {
  grantsIn,
  OLD_POLICY,
  OWNERS_TABLES,
  POLICIES,
  READER_ROLE,
  WRITER_ROLE,
} from './owners-policies.ts';

/** PostgreSQL's errors of a role that may not do what is asked, or of a cluster in which roles cannot be created. */
const MAY_NOT: ReadonlySet<string> = new Set(['42501', '0LP01', '2BP01', '0A000']);

/**
 * Lets PostgreSQL itself hold that a caller reads and changes their own rows only: the second wall behind `core/store`.
 * Idempotent; of several processes at once each succeeds.
 *
 * @returns why it is not in force: the database's user may not create the roles; null when it is
 */
export async function secureRows(connection: pg.PoolConfig, schema: string): Promise<string | null> {
  const client = new pg.Client(connection);
  // A connection that breaks fails the statement in progress.
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock(hashtext($1))', [READER_ROLE]);
    await client.query(`SET LOCAL search_path = ${pg.escapeIdentifier(schema)}`);
    for (const role of [READER_ROLE, WRITER_ROLE]) await createRole(client, role);
    await client.query(grantsIn(pg.escapeIdentifier(schema)));
    await createPolicies(client, schema);
    for (const role of [READER_ROLE, WRITER_ROLE]) await client.query(`SET LOCAL ROLE ${role}; RESET ROLE`);
    await client.query('COMMIT');
    return null;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    if (error instanceof pg.DatabaseError && MAY_NOT.has(error.code ?? '')) return error.message;
    throw error;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Roles belong to the whole cluster, so another database may create it at the same time. */
async function createRole(client: pg.Client, role: string): Promise<void> {
  await client.query(`
    DO $$ BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') THEN
        CREATE ROLE ${role} NOLOGIN;
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END $$;
    DO $$ BEGIN
      IF NOT pg_has_role(current_user, '${role}', 'MEMBER') THEN
        GRANT ${role} TO CURRENT_USER;
      END IF;
    EXCEPTION WHEN unique_violation THEN NULL;
    END $$`);
}

async function createPolicies(client: pg.Client, schema: string): Promise<void> {
  const { rows } = await client.query<{ tablename: string; policyname: string }>(
    'SELECT tablename, policyname FROM pg_policies WHERE schemaname = $1',
    [schema],
  );
  const has = (table: string, name: string) =>
    rows.some(({ tablename, policyname }) => tablename === table && policyname === name);
  for (const { table, name, terms } of POLICIES)
    if (!has(table, name)) await client.query(`CREATE POLICY ${name} ON ${table} ${terms}`);
  for (const table of OWNERS_TABLES) {
    if (has(table, OLD_POLICY)) await client.query(`DROP POLICY ${OLD_POLICY} ON ${table}`);
    if (!has(table, 'taskflow_system')) await client.query(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`);
  }
}
