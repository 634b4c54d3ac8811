import pg from 'pg';
import { replaceReadOnly } from './replace-read-only.ts';

/** What the database room reports; a pino logger is one. */
export interface DatabaseLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/**
 * A statement is given up after this long: all of ours take milliseconds, and a server that froze must not hold its
 * callers for ever.
 */
const STATEMENT_TIMEOUT_MS = 10_000;

/** A transaction whose process hangs or is cut off lets go of its locks after this long. */
const IDLE_TRANSACTION_TIMEOUT_MS = 30_000;

/** How many connections the pool of a process has at most. */
export const POOL_SIZE = 10;
/** How many of them are kept for readers: see writers-share.ts. */
export const READERS_SHARE = 3;

/**
 * The pool of a process: at most {@link POOL_SIZE} connections, opened when needed. A connection that dies while idle is logged and
 * replaced at the next use.
 *
 * @param schema Where statements find the tables.
 * @param sharedSession All connections are one session (the embedded database), which takes no settings of its own and
 *   has no time limits: no network can cut it off.
 */
export function createPool(
  connection: pg.PoolConfig,
  { schema, sharedSession, log }: { schema: string; sharedSession: boolean; log: DatabaseLog },
): pg.Pool {
  const onConnect = (client: pg.ClientBase) => prepareSession(client, schema);
  const pool = new pg.Pool({
    ...connection,
    max: POOL_SIZE,
    ...(sharedSession ? {} : { query_timeout: STATEMENT_TIMEOUT_MS + 1000, onConnect }),
  });
  replaceReadOnly(pool);
  pool.on('error', (error) => log.warn({ err: error }, 'an idle database connection was lost'));
  return pool;
}

// By SET rather than as start-up parameters, which PgBouncer refuses.
async function prepareSession(client: pg.ClientBase, schema: string): Promise<void> {
  const settings = [
    `statement_timeout = ${STATEMENT_TIMEOUT_MS}`,
    `idle_in_transaction_session_timeout = ${IDLE_TRANSACTION_TIMEOUT_MS}`,
  ];
  // Prisma names the schema of its own statements only.
  if (schema !== 'public') settings.push(`search_path = ${pg.escapeIdentifier(schema)}`);
  await client.query(settings.map((setting) => `SET ${setting}`).join('; '));
}
