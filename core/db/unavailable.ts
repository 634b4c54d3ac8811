/**
 * Codes that say that the database could not be reached or did not answer in time, so that nothing was committed (but
 * for a commit that was under way when the connection broke): Prisma's
 * (https://www.prisma.io/docs/orm/reference/error-reference), PostgreSQL's classes 08, 53 and 57P, Node's.
 */
const UNAVAILABLE =
  /^(P1001|P1002|P1008|P1011|P1017|P2024|P2028|P2037|08[0-9A-Z]{3}|53[0-9A-Z]{3}|57P0[1-3]|ECONNREFUSED|ECONNRESET|ENOENT|ENOTFOUND|EPIPE|ETIMEDOUT|EAI_AGAIN)$/;
/** What Prisma's driver adapter makes of the same faults amid a transaction, where they come with no code. */
const ADAPTER_KINDS: ReadonlySet<unknown> = new Set([
  'ConnectionClosed',
  'DatabaseNotReachable',
  'SocketTimeout',
  'TooManyConnections',
]);
const SAYS_SO =
  /timeout exceeded when trying to connect|Connection terminated|Can't reach database server|Unable to start a transaction|server closed the connection|the database system is|is not queryable/i;

/** Whether an error says that the database is away, anywhere in its chain of causes. */
export function isDatabaseUnavailable(error: unknown, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > 5) return false;
  const { code, kind, message, name, cause, meta } = error as Record<string, unknown>;
  if (typeof code === 'string' && UNAVAILABLE.test(code)) return true;
  if (ADAPTER_KINDS.has(kind)) return true;
  if (typeof message === 'string' && isPrismaOrDriver(name) && SAYS_SO.test(message)) return true;
  const adapterError = (meta as { driverAdapterError?: unknown } | undefined)?.driverAdapterError;
  return isDatabaseUnavailable(cause, depth + 1) || isDatabaseUnavailable(adapterError, depth + 1);
}

function isPrismaOrDriver(name: unknown): boolean {
  return (
    typeof name === 'string' &&
    (name.startsWith('Prisma') || name === 'DriverAdapterError' || name === 'Error')
  );
}
