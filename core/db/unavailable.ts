import { StoreUnavailableError } from '../domain/errors.ts';

/**
 * Codes that say that the database could not be reached, did not answer in time, or takes no writes, so that nothing was
 * committed (but for a commit that was under way when the connection broke): Prisma's
 * (https://www.prisma.io/docs/orm/reference/error-reference), PostgreSQL's
 * (https://www.postgresql.org/docs/current/errcodes-appendix.html: class 08, connections; 25006, read-only; 40001 and 40P01, rolled back for
 * another transaction; class 53,
 * resources; 55000, such as a database that accepts no connections; 57014, a statement that took too long; 57P0x, shutdown),
 * Node's.
 */
const UNAVAILABLE =
  /^(P1001|P1002|P1008|P1011|P1017|P2024|P2028|P2037|08[0-9A-Z]{3}|25006|40001|40P01|53[0-9A-Z]{3}|55000|57014|57P0[1-5]|ECONNABORTED|ECONNREFUSED|ECONNRESET|EHOSTDOWN|EHOSTUNREACH|ENETDOWN|ENETUNREACH|ENOENT|ENOTFOUND|EPIPE|ETIMEDOUT|EAI_AGAIN)$/;
/** What Prisma's driver adapter makes of the same faults amid a transaction, where they come with no code. */
const ADAPTER_KINDS: ReadonlySet<unknown> = new Set([
  'ConnectionClosed',
  'DatabaseNotReachable',
  'SocketTimeout',
  'TooManyConnections',
]);
const SAYS_SO =
  /timeout exceeded when trying to connect|Connection terminated|Query read timeout|Can't reach database server|Unable to start a transaction|server closed the connection|the database system is|is not queryable/i;

/** What a failed query says to its caller: a {@link StoreUnavailableError} when PostgreSQL is unavailable, else the error itself. */
export function databaseFault(error: unknown): unknown {
  if (error instanceof StoreUnavailableError || !saysUnavailable(error)) return error;
  return new StoreUnavailableError('PostgreSQL is unavailable', { cause: error });
}

/** Rejects with a {@link StoreUnavailableError} when PostgreSQL is unavailable: the border that every query passes. */
export async function fromDatabase<T>(reply: Promise<T>): Promise<T> {
  return reply.catch((error) => {
    throw databaseFault(error);
  });
}

/** Whether an error says so anywhere in its chain of causes. */
function saysUnavailable(error: unknown, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > 5) return false;
  const { code, kind, message, name, cause, meta } = error as Record<string, unknown>;
  if (typeof code === 'string' && UNAVAILABLE.test(code)) return true;
  if (ADAPTER_KINDS.has(kind)) return true;
  if (typeof message === 'string' && isPrismaOrDriver(name) && SAYS_SO.test(message)) return true;
  const adapterError = (meta as { driverAdapterError?: unknown } | undefined)?.driverAdapterError;
  return saysUnavailable(cause, depth + 1) || saysUnavailable(adapterError, depth + 1);
}

/** The SQLSTATE that PostgreSQL gave, anywhere in an error's chain of causes; null where there is none. */
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
