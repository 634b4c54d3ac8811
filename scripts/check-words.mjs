import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './prepare.mjs';
import { wordFaults } from './word-faults.mjs';

/**
 * Checks that the committed files keep to the words of the field: `node scripts/check-words.mjs`, or with paths to check
 * those alone. Exit 1 with a line for each fault.
 */
const { stdout } = spawnSync('git', ['ls-files', '-z', ...process.argv.slice(2)], {
  cwd: root,
  encoding: 'utf8',
});
const TEXT =
  /\.(?:ts|tsx|mjs|css|html|md|sh|sql|prisma|graphql|ya?ml|json|toml|Dockerfile)$|^\.env\.example$/;
const faults = stdout
  .split('\0')
  .filter((path) => TEXT.test(path))
  .flatMap((path) => wordFaults(path, readFileSync(join(root, path), 'utf8')));
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exit(faults.length > 0 ? 1 : 0);
