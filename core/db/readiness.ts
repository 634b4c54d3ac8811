import type { PrismaClient } from '../../generated/prisma/client.ts';
import { sqlStateOf } from './unavailable.ts';

/** The database answers but takes no writes; the message is a sentence for the operator. */
class ReadOnlyError extends Error {
  override name = 'ReadOnlyError';
}

/** Resolves if the database takes writes; one round trip. */
export async function checkWritable(prisma: Pick<PrismaClient, '$queryRaw'>): Promise<void> {
  const [state] = await prisma.$queryRaw<{ standby: boolean; readonly: boolean }[]>`
    SELECT pg_is_in_recovery() AS standby, current_setting('transaction_read_only') = 'on' AS readonly`;
  if (state?.standby) throw new ReadOnlyError('It is a standby and takes no writes.');
  if (state?.readonly) throw new ReadOnlyError('It is read-only.');
}

/** Explains a failed check of the database in one sentence for the operator. */
export function describeDatabaseFailure(error: unknown): string {
  if (error instanceof ReadOnlyError) return error.message;
  const state = sqlStateOf(error) ?? '';
  if (state === '53300') return 'It has no connection to spare (max_connections).';
  if (state.startsWith('53')) return 'It is out of memory, disk space or another resource.';
  if (/^28/.test(state)) return 'It refuses the user or password of DATABASE_URL.';
  if (/^57P0[1-3]$/.test(state)) return 'It starts or stops.';
  return 'It does not answer.';
}
