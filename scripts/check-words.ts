import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { wordFaults } from './word-faults.ts';

/**
 * Checks that the committed files keep to the words of the field: `npx tsx scripts/check-words.ts`, or with paths to check
 * those alone. Exit 1 with a line for each fault.
 */
const { stdout } = spawnSync('git', ['ls-files', '-z', ...process.argv.slice(2)], {
  encoding: 'utf8',
});
const TEXT =
  /\.(?:ts|tsx|mjs|css|html|md|sh|sql|prisma|graphql|ya?ml|json|toml|Dockerfile)$|^\.env\.example$/;
const faults = stdout
  .split('\0')
  .filter((path) => TEXT.test(path))
  .flatMap((path) => wordFaults(path, readFileSync(path, 'utf8')));
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exit(faults.length > 0 ? 1 : 0);
