import { StoreUnavailableError } from '../domain/errors.ts';

/**
 * Codes for a database that could not be reached, did not answer in time, or takes no writes. Nothing was committed, except
 * possibly a commit that was in progress when the connection broke. They are Prisma's
 * (https://www.prisma.io/docs/orm/reference/error-reference), Node's, and PostgreSQL's
 * (https://www.postgresql.org/docs/current/errcodes-appendix.html: class 08, connections; 25006, read-only; 40001 and 40P01,
 * rolled back for another transaction; class 53, resources; 55000, such as a database that accepts no connections; 57014, a
 * statement that took too long; 57P0x, shutdown).
 */
const UNAVAILABLE =
  /^(P1001|P1002|P1008|P1011|P1017|P2024|P2028|P2037|08[0-9A-Z]{3}|25006|40001|40P01|53[0-9A-Z]{3}|55000|57014|57P0[1-5]|ECONNABORTED|ECONNREFUSED|ECONNRESET|EHOSTDOWN|EHOSTUNREACH|ENETDOWN|ENETUNREACH|ENOENT|ENOTFOUND|EPIPE|ETIMEDOUT|EAI_AGAIN)$/;
/** The kinds of the same faults in Prisma's driver adapter, within a transaction, where they have no code. */
const ADAPTER_KINDS: ReadonlySet<unknown> = new Set([
  'ConnectionClosed',
  'DatabaseNotReachable',
  'SocketTimeout',
  'TooManyConnections',
]);
const UNAVAILABLE_TEXTS =
  /timeout exceeded when trying to connect|Connection terminated|Query read timeout|Can't reach database server|Unable to start a transaction|server closed the connection|the database system is|is not queryable/i;

/** The error for the caller of a failed query: a {@link StoreUnavailableError} if PostgreSQL is unavailable, else `error`. */
export function databaseFault(error: unknown): unknown {
  if (error instanceof StoreUnavailableError || !meansUnavailable(error)) return error;
  return new StoreUnavailableError('PostgreSQL is unavailable', { cause: error, store: 'PostgreSQL' });
}

/** Rejects with a {@link StoreUnavailableError} when PostgreSQL is unavailable. Every query goes through it. */
export async function fromDatabase<T>(reply: Promise<T>): Promise<T> {
  return reply.catch((error) => {
    throw databaseFault(error);
  });
}

/** Whether an error or one of its causes means that PostgreSQL is unavailable. */
function meansUnavailable(error: unknown, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > 5) return false;
  const { code, kind, message, name, cause, meta } = error as Record<string, unknown>;
  if (typeof code === 'string' && UNAVAILABLE.test(code)) return true;
  if (ADAPTER_KINDS.has(kind)) return true;
  if (typeof message === 'string' && isPrismaOrDriver(name) && UNAVAILABLE_TEXTS.test(message)) return true;
  const adapterError = (meta as { driverAdapterError?: unknown } | undefined)?.driverAdapterError;
  return meansUnavailable(cause, depth + 1) || meansUnavailable(adapterError, depth + 1);
}

/** SQLSTATE read_only_sql_transaction: the former primary is now a standby, or read-only. */
export const READ_ONLY = '25006';

/** Whether an error or one of its causes means that the server takes no writes. */
export function isReadOnly(error: unknown): boolean {
  return sqlStateOf(error) === READ_ONLY;
}

/** The SQLSTATE of an error or one of its causes; null if there is none. */
export function sqlStateOf(error: unknown, depth = 0): string | null {
  if (typeof error !== 'object' || error === null || depth > 5) return null;
  const { code, originalCode, cause, meta } = error as Record<string, unknown>;
  for (const one of [originalCode, code])
    if (typeof one === 'string' && /^(?!P\d{4})[0-9A-Z]{5}$/.test(one)) return one;
  const adapterError = (meta as { driverAdapterError?: unknown } | undefined)?.driverAdapterError;
  return sqlStateOf(cause, depth + 1) ?? sqlStateOf(adapterError, depth + 1);
}

function isPrismaOrDriver(name: unknown): boolean {
  return (
    typeof name === 'string' &&
    (name.startsWith('Prisma') || name === 'DriverAdapterError' || name === 'Error')
  );
}
