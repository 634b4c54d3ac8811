import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What some tests drive and npm does not have: Debian's packages, where they put it, and the tests. */
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

/**
 * Installs what is absent by apt-get: `npm run test:tools`, as root on Debian or Ubuntu. Exit 1 where something is
 * absent afterwards, each with the tests that will be skipped.
 */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const absent = provideTestTools({ ...process.env, TEST_INSTALL_TOOLS: undefined });
  if (absent.length > 0) process.stderr.write(`taskflow: install by hand: ${absent.join(' ')}\n`);
  process.exit(absent.length > 0 ? 1 : 0);
}

/** Installs what is absent where that is possible and allowed, says what stays absent, and answers its names. */
export function provideTestTools(env) {
  const packages = absentTools().map(({ name }) => name);
  const machine = {
    platform: process.platform,
    uid: process.getuid?.(),
    hasApt: existsSync('/usr/bin/apt-get'),
  };
  if (packages.length > 0 && mayInstall(machine, env)) {
    process.stderr.write(
      `taskflow: installing ${packages.join(', ')} for the tests by apt-get (TEST_INSTALL_TOOLS=0: not) …\n`,
    );
    aptGet('update', '-qq');
    aptGet('install', '-y', '-qq', '--no-install-recommends', ...packages);
  }
  const absent = absentTools();
  for (const { name, tests } of absent)
    process.stderr.write(`taskflow: no ${name} here: ${tests} will be SKIPPED\n`);
  return absent.map(({ name }) => name);
}

/** Whether to install packages: as root where there is apt-get, unless TEST_INSTALL_TOOLS is 0. */
export function mayInstall({ platform, uid, hasApt }, { TEST_INSTALL_TOOLS }) {
  return platform === 'linux' && uid === 0 && hasApt && TEST_INSTALL_TOOLS !== '0';
}

function absentTools() {
  return TOOLS.filter(({ paths }) => !paths.some((path) => existsSync(path)));
}

/** Silent, unless it fails. */
function aptGet(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, stderr } = spawnSync('apt-get', args, { encoding: 'utf8', env });
  if (status !== 0) process.stderr.write(stderr ?? '');
}
