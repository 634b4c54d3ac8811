import pg from 'pg';
import { MigrationError } from './errors.ts';

/** Prisma's table of applied migrations. */
const TABLE = '_prisma_migrations';

interface Row {
  readonly migration_name: string;
  readonly finished: boolean;
}

/**
 * Returns the local migrations that are not yet applied to the database, oldest first; all of them for an empty one.
 *
 * @throws MigrationError when the database records one as begun but not finished, or has one that is not local.
 */
export async function readPending(
  pool: pg.Pool,
  schema: string,
  local: readonly string[],
): Promise<string[]> {
  const rows = await readHistory(pool, schema);
  const failed = rows.find((row) => !row.finished);
  if (failed) {
    throw new MigrationError(
      `The database records migration ${failed.migration_name} as failed: repair its schema, then set finished_at ` +
        '(it is applied) or rolled_back_at (it is undone) of its row in _prisma_migrations',
    );
  }
  const applied = new Set(rows.map((row) => row.migration_name));
  const unknown = [...applied].filter((name) => !local.includes(name));
  if (unknown.length > 0) {
    throw new MigrationError(
      `The database has migrations that this version does not know (${unknown.join(', ')}): ` +
        'it was last used by a newer TaskFlow; run that one, or use another database',
    );
  }
  return local.filter((name) => !applied.has(name));
}

async function readHistory(pool: pg.Pool, schema: string): Promise<Row[]> {
  // The check comes first, as a query of a missing table would abort the transaction. It reads the catalog itself:
  // to_regclass uses a cache that, within a transaction, misses what another process has just committed.
  const found = await pool.query('SELECT FROM pg_tables WHERE schemaname = $1 AND tablename = $2', [
    schema,
    TABLE,
  ]);
  if (found.rowCount === 0) return [];
  const history = await pool.query<Row>(
    `SELECT migration_name, finished_at IS NOT NULL AS finished
     FROM ${pg.escapeIdentifier(schema)}.${TABLE} WHERE rolled_back_at IS NULL ORDER BY started_at`,
  );
  return history.rows;
}
