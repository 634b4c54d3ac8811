import pg from 'pg';
import { MigrationError } from './errors.ts';

/** Prisma's record of what was applied. */
const TABLE = '_prisma_migrations';

interface Row {
  readonly migration_name: string;
  readonly finished: boolean;
}

/**
 * Which of the local migrations the database has not had yet, oldest first; all of them on an empty one.
 *
 * @throws MigrationError when the database records one as begun and not finished, or has one that is not local.
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
      `The database records migration ${failed.migration_name} as failed: mend its schema, then set finished_at ` +
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
  // Asked first: inside a transaction a missing table would end it. And of the catalogue itself: to_regclass answers
  // from a cache that does not notice, within a transaction, what another process has just committed.
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
