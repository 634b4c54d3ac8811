import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf } from './digest.mjs';
import { root, runQuietly } from './run.mjs';

/**
 * Makes what a fresh clone lacks, and only that: dependencies, the generated Prisma client, the built server and
 * client. Each step is done again when the content of what it is made of has changed. Uses nothing but Node.
 */
const strangers = join(root, 'test', 'strangers');
const peers = join(root, 'bench', 'delivery', 'peers');
const stamps = join(root, 'node_modules', '.taskflow');

function prepareDependencies() {
  once('install', ['package-lock.json'], existsSync(join(root, 'node_modules', '.package-lock.json')), () =>
    runQuietly('npm', ['ci', '--no-audit', '--no-fund']),
  );
}

/** The clients of third parties that the tests run, in a folder of their own. Answers whether they are there. */
export function prepareStrangers() {
  const installed = join(strangers, 'node_modules', '.package-lock.json');
  once('install-strangers', ['test/strangers/package-lock.json'], existsSync(installed), () => {
    // Without a registry the tests run without them after half a minute, not after npm's usual minutes.
    const limits = ['--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-timeout=30000'];
    const args = ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', ...limits];
    return spawnSync('npm', args, { stdio: ['ignore', 2, 'inherit'], cwd: strangers }).status === 0;
  });
  return existsSync(installed);
}

/** The servers that the benchmarks compare TaskFlow with, in a folder of their own. */
export function preparePeers() {
  const installed = join(peers, 'node_modules', '.package-lock.json');
  once('install-peers', ['bench/delivery/peers/package-lock.json'], existsSync(installed), () => {
    const args = ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline'];
    return spawnSync('npm', args, { stdio: ['ignore', 2, 'inherit'], cwd: peers }).status === 0;
  });
  if (existsSync(installed)) return;
  process.stderr.write('taskflow: the servers to compare with could not be installed\n');
  process.exit(1);
}

export function prepareGenerated() {
  prepareDependencies();
  once(
    'generate',
    ['prisma/schema.prisma', 'prisma.config.ts', 'package-lock.json'],
    existsSync(join(root, 'generated/prisma')),
    () => runQuietly('npx', ['prisma', 'generate']),
  );
}

export function prepareBuild() {
  prepareGenerated();
  const sources = [
    'server',
    'worker',
    'core',
    'packages',
    'prisma',
    'main.ts',
    'rolldown.config.ts',
    'package-lock.json',
  ];
  once('build-server', sources, existsSync(join(root, 'dist/main.js')), () =>
    runQuietly('npx', ['rolldown', '-c']),
  );
  once(
    'build-client',
    ['client', 'packages/client', 'schema.graphql', 'package-lock.json'],
    existsSync(join(root, 'dist/client/index.html')),
    // Also when tests begin it, which would get a client for development.
    () => runQuietly('npx', ['vite', 'build', 'client', '--logLevel', 'warn'], { NODE_ENV: 'production' }),
  );
}

/** `make` answers false where it could not, and is tried again at the next start. */
function once(step, sources, isThere, make) {
  const digest = digestOf(root, sources);
  const stamp = join(stamps, step);
  const before = existsSync(stamp) ? readFileSync(stamp, 'utf8') : null;
  // `npm ci` by hand leaves no stamp, and installs what the lock says.
  const isCurrent = before === digest || (before === null && step === 'install');
  if (!isThere || !isCurrent) {
    process.stderr.write(`taskflow: ${DOING[step]} …\n`);
    if (make() === false) return;
  }
  if (before === digest) return;
  mkdirSync(stamps, { recursive: true });
  writeFileSync(stamp, digest);
}

const DOING = {
  install: 'installing dependencies',
  'install-strangers': "installing third parties' clients for the tests",
  'install-peers': 'installing the servers to compare with',
  generate: 'generating the database client',
  'build-server': 'building the server',
  'build-client': 'building the web client',
};
