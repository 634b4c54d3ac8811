import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { prepareBuild, root } from './prepare.mjs';

/**
 * The whole test: checks, then every suite. `npm test -- core/feed` runs some suites only, without the checks.
 * Ends with a line `N passed, N failed, N skipped`.
 */
const filters = process.argv.slice(2);
prepareBuild();
provideChromium();

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

/** The end-to-end test drives a real browser. Where there is none and we may install one, we do. */
function provideChromium() {
  if (['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].some(existsSync)) return;
  const mayInstall =
    process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (mayInstall) {
    process.stderr.write('taskflow: installing Chromium for the browser test …\n');
    const quiet = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
    spawnSync('apt-get', ['update', '-qq'], quiet);
    spawnSync('apt-get', ['install', '-y', '-qq', 'chromium'], quiet);
  }
  if (!existsSync('/usr/bin/chromium')) {
    process.stderr.write('taskflow: no Chromium here: the browser tests will be skipped\n');
  }
}
