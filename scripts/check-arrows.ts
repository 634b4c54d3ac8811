import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arrowFaults } from './arrows.ts';

/** Checks which room imports which, by the list in arrows.ts. Exit 1 with a line for each import that is not allowed. */
const listed = execFileSync('git', [
  'ls-files',
  '-z',
  '--cached',
  '--others',
  '--exclude-standard',
  'core',
  'server',
  'worker',
  'packages',
  'client',
]);
const paths = String(listed)
  .split('\0')
  .filter((path) => /\.(?:ts|tsx|mjs)$/.test(path));
const faults = arrowFaults(new Map(paths.map((path) => [path, readFileSync(path, 'utf8')])));
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exit(faults.length > 0 ? 1 : 0);
