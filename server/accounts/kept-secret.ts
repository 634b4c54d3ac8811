import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { StartError } from '../../core/domain/start-error.ts';

const SECRET_BYTES = 32;

/**
 * The secret of a server that nobody gave one: made at its first start, and kept in the data directory, in a file that only
 * this user may read. Processes that start at once get the same.
 * @throws {StartError} when it cannot be kept
 */
export async function keptSecret(dataDir: string): Promise<string> {
  const path = resolve(dataDir, 'auth-secret');
  try {
    const secret = (await readIfThere(path)) ?? (await keepNew(dataDir, path));
    if (secret.length < SECRET_BYTES) throw new Error('it is not whole: remove it for a new one');
    return secret;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`the secret of AUTH_MODE accounts cannot be kept in ${path}: ${reason}`, {
      cause: error,
    });
  }
}

async function readIfThere(path: string): Promise<string | null> {
  return readFile(path, 'utf8').then(
    (text) => text.trim(),
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    },
  );
}

/** The name appears with its whole content, and for one process only. */
async function keepNew(dataDir: string, path: string): Promise<string> {
  await mkdir(dataDir, { recursive: true });
  const unfinished = join(dataDir, `auth-secret.${randomUUID()}`);
  await writeFile(unfinished, `${randomBytes(SECRET_BYTES).toString('base64url')}\n`, {
    mode: 0o600,
    flag: 'wx',
  });
  try {
    await link(unfinished, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(unfinished, { force: true });
  }
  return (await readFile(path, 'utf8')).trim();
}
