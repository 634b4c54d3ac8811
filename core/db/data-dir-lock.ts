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

/** That this process, and none other, uses a data directory. */
export interface DataDirLock {
  /** What the last holder noted and did not clear: it died. Empty when it did not. */
  readonly leftover: string;
  /** Leaves a word for whoever comes after a death of this process. */
  note(text: string): void;
  /** Idempotent. */
  release(): void;
}

/** Far behind the file's text: on Windows a locked range cannot be read. */
const LOCKED_BYTE = 2 ** 30;

/**
 * Makes the directory when it is absent, for this user alone, and locks it. The kernel holds the lock, so it ends
 * with the process, even one that was killed.
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

// Not `recursive`, which spins for ever where the parent exists and takes no entries, as /proc.
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

/** Says in one line why a data directory cannot be used. */
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
