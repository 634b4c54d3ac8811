import { spawnSync } from 'node:child_process';
import { provideTestTools } from './install-test-tools.mjs';
import { prepareBuild, prepareStrangers } from './prepare.mjs';
import { root } from './run.mjs';

/**
 * The whole test: checks, then every suite. `npm test -- core/live/feed` runs some suites only, without the checks.
 * Ends with a line `N passed, N failed, N skipped`.
 */
const filters = process.argv.slice(2);
prepareBuild();
if (!prepareStrangers())
  process.stderr.write('taskflow: no clients of third parties here: their tests will be SKIPPED\n');
provideTestTools(process.env);

const checks =
  filters.length > 0
    ? 0
    : (spawnSync(process.execPath, ['scripts/check.mjs'], { cwd: root, stdio: 'inherit' }).status ?? 1);
const suites = spawnSync('npx', ['vitest', 'run', ...filters], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, TASKFLOW_CHECKS_FAILED: String(checks === 0 ? 0 : 1) },
});
process.exit(checks || (suites.status ?? 1));
