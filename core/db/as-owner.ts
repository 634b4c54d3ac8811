import pg from 'pg';
import { ScopedValue } from '../async/scoped-value.ts';
import type { Owner } from '../domain/owner.ts';
import { READER_ROLE, WRITER_ROLE } from './owners-policies.ts';

/** What a query may do with the rows of its owner. */
export type Access = 'reads' | 'changes';

const ROLE: Record<Access, string> = { reads: READER_ROLE, changes: WRITER_ROLE };
/** The role is the last setting: from there on the transaction has only that role's rights. */
const SET_OWNER = `set_config('taskflow.owner', $1, true), set_config('taskflow.tenant', $2, true), set_config('role', $3, true)`;
/** The settings of a transaction, until its end. A change leaves what the database decides: it may be read-only. */
const SETTINGS: Record<Access, string> = {
  reads: `SELECT set_config('transaction_read_only', 'on', true), ${SET_OWNER}`,
  changes: `SELECT ${SET_OWNER}`,
};

/** Runs a query for an owner: a transaction in one round trip. */
export async function queryAsOwner(
  pool: pg.Pool,
  owner: Owner,
  access: Access,
  query: pg.QueryConfig,
): Promise<pg.QueryResult> {
  const client = await pool.connect();
  try {
    const result = await new Promise<pg.QueryResult>((resolve, reject) =>
      client.query(withOwner(owner, access, query, (error, rows) => (error ? reject(error) : resolve(rows)))),
    );
    client.release();
    return result;
  } catch (error) {
    // The query may still be under way.
    client.release(true);
    throw error;
  }
}

/**
 * The query with the settings of its owner before it. All messages of the extended protocol up to the next Sync are one
 * transaction (PostgreSQL, 55.2.3.1): it needs no BEGIN and COMMIT, and its query is planned by the rights of the new role.
 */
function withOwner(
  { owner, tenant }: Owner,
  access: Access,
  query: pg.QueryConfig,
  callback: (error: Error | undefined, result: pg.QueryResult) => void,
): pg.Query {
  // The simple protocol would begin a transaction of its own.
  const config: pg.QueryConfig & { queryMode: string } = { ...query, queryMode: 'extended' };
  const own = new pg.Query(config, callback);
  const { submit } = own;
  const values = [owner, tenant, ROLE[access]];
  return Object.assign(own, {
    submit(connection: pg.Connection): void {
      connection.stream.cork();
      connection.parse({ name: '', text: SETTINGS[access], types: [] }, true);
      connection.bind({ values }, true);
      connection.execute({}, true);
      const failed = submit.call(own, connection);
      connection.stream.uncork();
      return failed;
    },
    // The first row and the first completion are those of the settings.
    handleDataRow(): void {},
    handleCommandComplete(): void {
      Reflect.deleteProperty(own, 'handleDataRow');
      Reflect.deleteProperty(own, 'handleCommandComplete');
    },
  });
}

/** For whom the current query of {@link ownersPool} is. */
const scope = new ScopedValue<{ owner: Owner; access: Access }>();

/** Runs `task` with a client of {@link ownersPool}: each of its queries sees, and may change, rows of this owner alone. */
export function asOwner<T>(owner: Owner, access: Access, task: () => Promise<T>): Promise<T> {
  // Queries of Prisma begin when they are awaited.
  return scope.run({ owner, access }, async () => await task());
}

/** The pool, but each query is one for the owner of {@link asOwner}. A query without an owner is refused. */
export function ownersPool(pool: pg.Pool): pg.Pool {
  const query = async (config: pg.QueryConfig): Promise<pg.QueryResult> => {
    const by = scope.current;
    if (!by) throw new Error('a query of owners’ rows without an owner');
    return queryAsOwner(pool, by.owner, by.access, config);
  };
  return Object.create(pool, { query: { value: query }, connect: { value: refuseConnection } }) as pg.Pool;
}

/** A transaction of Prisma has a connection to itself, on which row security would not hold. */
async function refuseConnection(): Promise<never> {
  throw new Error('owners’ rows are read and changed without a transaction');
}
