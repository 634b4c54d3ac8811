import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { prepareBuild, prepareStrangers, root } from './prepare.mjs';

/**
 * The whole test: checks, then every suite. `npm test -- core/feed` runs some suites only, without the checks.
 * Ends with a line `N passed, N failed, N skipped`.
 */
const TOOLS = [
  {
    // The same engine without a browser's own windows, which cost more than the pages.
    name: 'chromium-headless-shell',
    paths: [
      '/usr/bin/chromium-headless-shell',
      '/usr/bin/chromium',
      '/usr/bin/chromium-browser',
      '/usr/bin/google-chrome',
    ],
    tests: 'the browser tests',
  },
  {
    name: 'prometheus',
    paths: ['/usr/bin/prometheus', '/usr/local/bin/prometheus'],
    tests: 'the tests of the alerts and of the dashboards',
  },
  {
    name: 'libfaketime',
    paths: ['x86_64', 'aarch64'].map((cpu) => `/usr/lib/${cpu}-linux-gnu/faketime/libfaketimeMT.so.1`),
    tests: 'the tests of processes whose clock is wrong',
  },
];

const filters = process.argv.slice(2);
prepareBuild();
if (!prepareStrangers())
  process.stderr.write('taskflow: no clients of third parties here: their tests will be SKIPPED\n');
provide();

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

/**
 * The end-to-end test drives a real browser, and the dashboards ask a real Prometheus. Where there is none and we may
 * install one, we do.
 */
function provide() {
  const absent = TOOLS.filter(({ paths }) => !paths.some(existsSync));
  const mayInstall =
    process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (absent.length > 0 && mayInstall) {
    const packages = absent.map(({ name }) => name);
    process.stderr.write(`taskflow: installing ${packages.join(' and ')} for the tests …\n`);
    const quiet = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
    spawnSync('apt-get', ['update', '-qq'], quiet);
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], quiet);
  }
  for (const { name, paths, tests } of absent) {
    if (!paths.some(existsSync))
      process.stderr.write(`taskflow: no ${name} here: ${tests} will be skipped\n`);
  }
}
