import { loadConfig } from '../../core/config/config.ts';
import { StartError } from '../../core/domain/start-error.ts';
import { readTokenArguments, signToken } from './sign-token.ts';

/** `npm run token`: prints a token for a try, or for a service that cannot sign in. */
try {
  const token = await signToken(readTokenArguments(process.argv.slice(2)), loadConfig());
  process.stdout.write(`${token}\n`);
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`taskflow: ${error.message}\n`);
  process.exitCode = 1;
}
