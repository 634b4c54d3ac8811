import { loadConfig } from '../../core/config/config.ts';
import { openDatabase } from '../../core/db/database.ts';
import { StartError } from '../../core/domain/start-error.ts';
import { migrationsDir } from '../../core/installation/installed-files.ts';
import { readAccountsArguments, setRole } from './set-role.ts';

/** `npm run accounts`: gives a person a role. */
try {
  const wanted = readAccountsArguments(process.argv.slice(2));
  const config = loadConfig();
  const database = await openDatabase({ ...config, migrationsDir: migrationsDir() });
  try {
    const { isVerified } = await setRole(wanted, database);
    const unproven = isVerified ? '' : ', which they have not verified';
    const within = Math.ceil(config.tokenMs / 60_000);
    process.stdout.write(
      `${wanted.email}${unproven}: the role is ${wanted.role} from their next token on, within ${within} minutes\n`,
    );
  } finally {
    await database.close();
  }
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`taskflow: ${error.message}\n`);
  process.exitCode = 1;
}
