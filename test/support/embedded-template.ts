import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { openDatabase } from '../../core/db/database.ts';
import { MIGRATIONS_DIR } from './database.ts';

const CACHE = join(import.meta.dirname, '..', 'node_modules', '.taskflow');

/**
 * Puts a migrated, empty embedded database into `dataDir`: a copy of a template that is made once for these migrations,
 * because making one takes seconds.
 */
export async function prepareDataDir(dataDir: string): Promise<void> {
  await cp(await template(), dataDir, { recursive: true });
}

async function template(): Promise<string> {
  const made = join(CACHE, `embedded-${await digest()}`);
  if (await isThere(made)) return made;
  await mkdir(CACHE, { recursive: true });
  const making = await mkdtemp(join(dirname(made), 'embedded-making-'));
  const database = await openDatabase({ dataDir: making, migrationsDir: MIGRATIONS_DIR });
  await database.close();
  await rm(join(making, 'lock'), { force: true });
  // If another suite was faster, its template is used.
  await rename(making, made).catch(() => rm(making, { recursive: true, force: true }));
  return made;
}

/** Identifies the template: it depends on the migrations and on the engine. */
async function digest(): Promise<string> {
  const hash = createHash('sha256');
  const engine = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  hash.update(String((await stat(engine)).size));
  for (const name of (await readdir(MIGRATIONS_DIR)).sort()) {
    const sql = join(MIGRATIONS_DIR, name, 'migration.sql');
    if (await isThere(sql)) hash.update(name).update(await readFile(sql));
  }
  return hash.digest('hex').slice(0, 16);
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
