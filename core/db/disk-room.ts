import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What PostgreSQL writes at once: a segment of its write-ahead log (wal_segment_size), and a little. In bytes. */
const NEEDED_BYTES = 17 * 2 ** 20;

/**
 * Whether the disk that holds a directory, or the user's quota there, has too little room for the embedded PostgreSQL to
 * start. Writes 17 MB and deletes them again, for only writing finds a quota.
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

/** What made a step fail that writes to a directory: that its disk is full, where it is, else `error` itself. */
export async function diskFault(dir: string, error: unknown): Promise<unknown> {
  const isFull = isDiskFullError(error) || (await isDiskFull(dir).catch(() => false));
  return isFull ? Object.assign(new Error(DISK_FULL_TEXT, { cause: error }), { code: 'ENOSPC' }) : error;
}

/** Whether an error says that a disk or a quota is full, anywhere in its chain of causes. PostgreSQL's is 53100. */
export function isDiskFullError(error: unknown, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > 5) return false;
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return DISK_FULL.has(code) || isDiskFullError(cause, depth + 1);
}

/** For the operator. */
export const DISK_FULL_TEXT = 'the disk that holds DATA_DIR is full';

const DISK_FULL: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', '53100']);
