import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { StartError } from '../../core/domain/start-error.ts';
import { keptSecret } from './kept-secret.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'taskflow-secret-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

test('a secret is made once, in a directory that need not exist, and is for this user alone', async () => {
  const dataDir = join(dir, 'a', 'b');
  const secret = await keptSecret(dataDir);
  expect(secret).toMatch(/^[\w-]{43}$/);
  expect(await keptSecret(dataDir)).toBe(secret);
  expect(await readdir(dataDir)).toEqual(['auth-secret']);
  expect((await stat(join(dataDir, 'auth-secret'))).mode & 0o777).toBe(0o600);
});

test('all who ask for it at once get the same', async () => {
  const secrets = await Promise.all(Array.from({ length: 20 }, () => keptSecret(dir)));
  expect(new Set(secrets).size).toBe(1);
  expect(await readdir(dir)).toEqual(['auth-secret']);
});

test('one that is not whole, and a place where none can be kept, are faults in one line', async () => {
  await writeFile(join(dir, 'auth-secret'), 'short');
  await expect(keptSecret(dir)).rejects.toThrow(
    /^the secret of AUTH_MODE accounts cannot be kept in .*: it is not/,
  );
  await writeFile(join(dir, 'a-file'), '');
  const fault = await keptSecret(join(dir, 'a-file')).catch((error) => error);
  expect(fault).toBeInstanceOf(StartError);
  expect(fault.message).not.toContain('\n');
});
