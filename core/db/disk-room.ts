import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The largest single write of PostgreSQL, in bytes: a segment of the write-ahead log (wal_segment_size), and a little more. */
const NEEDED_BYTES = 17 * 2 ** 20;

/**
 * Whether the disk of a directory, or the user's quota there, has too little room for a start of the embedded PostgreSQL.
 * Writes 17 MB and deletes them again, as only a write detects a quota.
 */
export async function isDiskFull(dir: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(dir);
  if (bavail * bsize < NEEDED_BYTES) return true;
  const probe = join(dir, 'probe');
  try {
    await writeFile(probe, Buffer.alloc(NEEDED_BYTES));
    return false;
  } catch (error) {
    return isDiskFullError(error);
  } finally {
    await rm(probe, { force: true });
  }
}

/** The cause of a failed write to a directory: a fault for a full disk if the disk is full, else `error` itself. */
export async function diskFault(dir: string, error: unknown): Promise<unknown> {
  const isFull = isDiskFullError(error) || (await isDiskFull(dir).catch(() => false));
  return isFull ? Object.assign(new Error(DISK_FULL_TEXT, { cause: error }), { code: 'ENOSPC' }) : error;
}

/** Whether an error, or one of its causes, means a full disk or quota. PostgreSQL's code is 53100. */
export function isDiskFullError(error: unknown, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > 5) return false;
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return DISK_FULL.has(code) || isDiskFullError(cause, depth + 1);
}

/** For the operator. */
export const DISK_FULL_TEXT = 'the disk that holds DATA_DIR is full';

const DISK_FULL: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', '53100']);
