import { prepareGenerated } from './prepare.mjs';
import { run } from './run.mjs';

/** Runs one of the project's own TypeScript tools, such as `prisma/seed.ts`, with its arguments. */
prepareGenerated();
run('npx', ['tsx', ...process.argv.slice(2)]);
