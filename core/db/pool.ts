import pg from 'pg';
import { paceReads } from './paced-reads.ts';
import { replaceReadOnly } from './replace-read-only.ts';
import { databaseFault } from './unavailable.ts';

/** The logger of the database; a pino logger fits. */
export interface DatabaseLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/**
 * The time limit of a statement, in milliseconds: all of TaskFlow's take milliseconds, and a frozen server must not block
 * its callers forever.
 */
const STATEMENT_TIMEOUT_MS = 10_000;

/** After this time, in milliseconds, an idle transaction of a hanging or disconnected process releases its locks. */
const IDLE_TRANSACTION_TIMEOUT_MS = 30_000;

/** The most connections of a process's pool. */
export const POOL_SIZE = 10;
/** How many of them are reserved for readers: see writers-limit.ts. */
export const READERS_SHARE = 3;

/** The time limit of a search, in milliseconds, and how many connections a process has for them. */
const SEARCH_TIMEOUT_MS = 2_000;
const SEARCHES_AT_ONCE = 2;

/** The pool of searches: their own, so that slow ones take no connection from what else is read and written. */
export function createSearchPool(
  connection: pg.PoolConfig,
  { schema, log }: { schema: string; log: DatabaseLog },
): pg.Pool {
  const pool = new pg.Pool({
    ...connection,
    max: SEARCHES_AT_ONCE,
    query_timeout: SEARCH_TIMEOUT_MS + 1000,
    onConnect: (client) => prepareSession(client, schema, SEARCH_TIMEOUT_MS),
  });
  pool.on('connect', (client) => client.on('error', failsItsQueries));
  pool.on('error', (error) =>
    log.warn({ err: databaseFault(error) }, 'an idle database connection was lost'),
  );
  return pool;
}

/**
 * Creates the pool of a process: at most {@link POOL_SIZE} connections, opened when needed. A connection that breaks while
 * idle is logged and replaced at the next use.
 *
 * @param schema The schema in which statements find the tables.
 * @param sharedSession All connections share one session (the embedded database). It gets no settings and no time limits:
 *   there is no network that could fail.
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
  pool.on('connect', (client) => {
    paceReads(client.connection.stream);
    client.on('error', failsItsQueries);
  });
  pool.on('error', (error) =>
    log.warn({ err: databaseFault(error) }, 'an idle database connection was lost'),
  );
  return pool;
}

/**
 * The pool listens to its idle connections only. One that breaks while it is taken rejects its queries, and an `error` to
 * which nobody listens would end the process.
 */
function failsItsQueries(): void {}

// By SET, as PgBouncer refuses them as start-up parameters.
async function prepareSession(
  client: pg.ClientBase,
  schema: string,
  timeoutMs = STATEMENT_TIMEOUT_MS,
): Promise<void> {
  const settings = [
    `statement_timeout = ${timeoutMs}`,
    `idle_in_transaction_session_timeout = ${IDLE_TRANSACTION_TIMEOUT_MS}`,
  ];
  // Prisma names the schema only in its own statements.
  if (schema !== 'public') settings.push(`search_path = ${pg.escapeIdentifier(schema)}`);
  await client.query(settings.map((setting) => `SET ${setting}`).join('; '));
}
