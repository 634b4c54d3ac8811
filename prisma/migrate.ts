import { fileURLToPath } from 'node:url';
import { loadConfig } from '../core/config/config.ts';
import { openDatabase } from '../core/db/database.ts';
import { StartError } from '../core/domain/start-error.ts';

const migrationsDir = fileURLToPath(new URL('./migrations', import.meta.url));

try {
  const database = await openDatabase({ ...loadConfig(), migrationsDir });
  await database.close();
  const { applied, target } = database;
  const done = applied.length > 0 ? `Applied ${applied.join(', ')} to` : 'Nothing to apply to';
  process.stdout.write(`${done} ${target}\n`);
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
