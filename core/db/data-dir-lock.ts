import {
  closeSync,
  constants,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { tryLock } from 'fs-native-extensions';
import { DISK_FULL_TEXT } from './disk-room.ts';
import { DatabaseConfigError } from './errors.ts';

/** The exclusive lock of this process on a data directory. */
export interface DataDirLock {
  /** The note of the last holder, if it died without clearing it; else empty. */
  readonly leftover: string;
  /** Writes a note for the next holder, in case this process dies. */
  note(text: string): void;
  /** Idempotent. */
  release(): void;
}

/** The offset of the locked byte, far behind the file's text: on Windows a locked range cannot be read. */
const LOCKED_BYTE = 2 ** 30;

/**
 * Creates the directory if it does not exist, for this user only, and locks it. The kernel holds the lock, so it ends with
 * the process, even if the process is killed.
 *
 * @throws DatabaseConfigError when another process has it, or it cannot be used.
 */
export function lockDataDir(dataDir: string): DataDirLock {
  const fd = openLockFile(dataDir);
  const file = join(dataDir, 'lock');
  if (!tryLock(fd, LOCKED_BYTE, 1)) {
    closeSync(fd);
    const pid = readFileSync(file, 'utf8').split('\n')[0];
    throw new DatabaseConfigError(
      `DATA_DIR ${resolve(dataDir)} is in use by another TaskFlow process (pid ${pid})`,
    );
  }
  const leftover = readFileSync(file, 'utf8').split('\n')[1] ?? '';
  const note = (text: string) => {
    ftruncateSync(fd);
    writeSync(fd, `${process.pid}\n${text}\n`, 0);
  };
  note('');
  let held = true;
  return {
    leftover,
    note,
    release() {
      if (!held) return;
      held = false;
      note('');
      closeSync(fd);
    },
  };
}

function openLockFile(dataDir: string): number {
  try {
    makeDirectory(resolve(dataDir));
    return openSync(join(dataDir, 'lock'), constants.O_RDWR | constants.O_CREAT, 0o600);
  } catch (error) {
    throw unusable(dataDir, error);
  }
}

// Not `recursive`, which loops forever if the parent exists and accepts no entries, such as /proc.
function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeDirectory(parent);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

/** Explains in one line why a data directory cannot be used. */
export function unusable(dataDir: string, error: unknown): DatabaseConfigError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = REASONS[code] ?? (error instanceof Error ? error.message : String(error)).split('\n')[0];
  return new DatabaseConfigError(`DATA_DIR ${resolve(dataDir)} cannot be used: ${reason}`, { cause: error });
}

const REASONS: Record<string, string | undefined> = {
  ENOTDIR: 'it, or a part of its path, is not a directory',
  EISDIR: 'its file named lock is a directory',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOENT: 'it cannot be created there',
  ENOSPC: DISK_FULL_TEXT,
  EDQUOT: DISK_FULL_TEXT,
};
