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

/** The same, of what takes so long to install that only `--all` does. */
const BROWSERS = [
  {
    name: 'firefox-esr',
    paths: ['/usr/bin/firefox-esr', '/usr/bin/firefox'],
    tests: 'the tests of the web client in Firefox',
  },
  {
    name: 'webkit2gtk-driver',
    paths: ['/usr/bin/WebKitWebDriver'],
    tests: 'the tests of the web client in WebKitGTK',
  },
  { name: 'xvfb', paths: ['/usr/bin/Xvfb'], tests: 'the tests of the web client in WebKitGTK' },
];

/**
 * Installs what is absent by apt-get: `npm run test:tools`, as root on Debian or Ubuntu; with `-- --all` the other browsers,
 * too. Exit 1 where something is absent afterwards, each with the tests that will be skipped.
 */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const env = { ...process.env, TEST_INSTALL_TOOLS: undefined };
  const absent = provideTestTools(env, { all: process.argv.includes('--all') });
  if (absent.length > 0) process.stderr.write(`taskflow: install by hand: ${absent.join(' ')}\n`);
  process.exit(absent.length > 0 ? 1 : 0);
}

/**
 * Installs what is absent where that is possible and allowed, says what stays absent, and answers the names of what it should
 * have installed. `all`: with the other browsers.
 */
export function provideTestTools(env, { all = false } = {}) {
  const wanted = all ? [...TOOLS, ...BROWSERS] : TOOLS;
  const packages = absentOf(wanted);
  const machine = {
    platform: process.platform,
    uid: process.getuid?.(),
    hasApt: existsSync('/usr/bin/apt-get'),
  };
  if (packages.length > 0 && mayInstall(machine, env)) {
    const names = packages.map(({ name }) => name);
    process.stderr.write(
      `taskflow: installing ${names.join(', ')} for the tests by apt-get (TEST_INSTALL_TOOLS=0: not) …\n`,
    );
    aptGet('update', '-qq');
    // One by one: a distribution that lacks one of them has the others.
    for (const name of names) aptGet('install', '-y', '-qq', '--no-install-recommends', name);
  }
  for (const { name, tests } of absentOf(TOOLS))
    process.stderr.write(`taskflow: no ${name} here: ${tests} will be SKIPPED\n`);
  for (const { name, tests } of absentOf(BROWSERS))
    process.stderr.write(
      `taskflow: no ${name} here: ${tests} will be SKIPPED (npm run test:tools -- --all installs it)\n`,
    );
  return absentOf(wanted).map(({ name }) => name);
}

/** Whether to install packages: as root where there is apt-get, unless TEST_INSTALL_TOOLS is 0. */
export function mayInstall({ platform, uid, hasApt }, { TEST_INSTALL_TOOLS }) {
  return platform === 'linux' && uid === 0 && hasApt && TEST_INSTALL_TOOLS !== '0';
}

function absentOf(tools) {
  return tools.filter(({ paths }) => !paths.some((path) => existsSync(path)));
}

/** Silent, unless it fails. */
function aptGet(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, stderr } = spawnSync('apt-get', args, { encoding: 'utf8', env });
  if (status !== 0) process.stderr.write(stderr ?? '');
}
