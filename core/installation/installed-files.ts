import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the files that are read at run time, whether the source runs or the bundle below the folder. */
function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'prisma', 'migrations'))) {
    const above = dirname(folder);
    if (above === folder) throw new Error('prisma/migrations is missing: it belongs beside package.json');
    folder = above;
  }
  return folder;
}

/** The migrations, in Prisma's layout. */
export const migrationsDir = (): string => join(projectRoot(), 'prisma', 'migrations');

/** The version that package.json states. */
export function projectVersion(): string {
  return JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')).version;
}

/** The built web client. */
export const clientDir = (): string => join(projectRoot(), 'dist', 'client');
