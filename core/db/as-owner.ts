import type pg from 'pg';
import { ScopedValue } from '../async/scoped-value.ts';
import type { Owner } from '../domain/owner.ts';
import { READER_ROLE, WRITER_ROLE } from './owners-policies.ts';

/** What a query may do with the rows of its owner. */
export type Access = 'reads' | 'changes';

const BEGIN: Record<Access, string> = { reads: 'BEGIN READ ONLY', changes: 'BEGIN' };
const ROLE: Record<Access, string> = { reads: READER_ROLE, changes: WRITER_ROLE };
const SET_OWNER = `SELECT set_config('taskflow.owner', $1, true), set_config('taskflow.tenant', $2, true), set_config('role', $3, true)`;

/** Runs a query for an owner: a transaction of four statements, in one round trip. */
export async function queryAsOwner(
  pool: pg.Pool,
  { owner, tenant }: Owner,
  access: Access,
  query: pg.QueryConfig,
): Promise<pg.QueryResult> {
  const client = (await pool.connect()) as pg.PoolClient & { pipeline: boolean };
  client.pipeline = true;
  try {
    const [, , result] = await Promise.all([
      client.query(BEGIN[access]),
      client.query(SET_OWNER, [owner, tenant, ROLE[access]]),
      client.query(query),
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
