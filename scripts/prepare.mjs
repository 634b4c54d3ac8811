import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Makes what a fresh clone lacks, and only that: dependencies, the generated Prisma client, the built server and
 * client. Each step is done again when what it is made of has changed. Uses nothing but Node.
 */
export const root = fileURLToPath(new URL('..', import.meta.url));
const strangers = join(root, 'test', 'strangers');
const stamps = join(root, 'node_modules', '.taskflow');

export function prepareDependencies() {
  once('install', ['package-lock.json'], existsSync(join(root, 'node_modules', '.package-lock.json')), () =>
    run('npm', ['ci', '--no-audit', '--no-fund']),
  );
}

/** The clients of third parties that the tests run, in a folder of their own. Answers whether they are there. */
export function prepareStrangers() {
  const installed = join(strangers, 'node_modules', '.package-lock.json');
  once('install-strangers', ['test/strangers/package-lock.json'], existsSync(installed), () => {
    // Where no registry answers, the tests go on without them: soon, and not after npm's minutes.
    const patience = ['--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-timeout=30000'];
    const args = ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', ...patience];
    return spawnSync('npm', args, { ...quiet(2), cwd: strangers }).status === 0;
  });
  return existsSync(installed);
}

export function prepareGenerated() {
  prepareDependencies();
  once(
    'generate',
    ['prisma/schema.prisma', 'prisma.config.ts', 'package-lock.json'],
    existsSync(join(root, 'generated/prisma')),
    () => run('npx', ['prisma', 'generate']),
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
  once('build-server', sources, existsSync(join(root, 'dist/main.js')), () => run('npx', ['rolldown', '-c']));
  once(
    'build-client',
    ['client', 'schema.graphql', 'package-lock.json'],
    existsSync(join(root, 'dist/client/index.html')),
    () => run('npx', ['vite', 'build', 'client', '--logLevel', 'warn']),
  );
}

/**
 * Runs a command to its end; where it fails, this process ends with its exit code, the command having said why. What
 * it prints goes to standard error, unless `output` is `inherit`.
 */
export function run(command, args, output = 2) {
  const { status, error } = spawnSync(command, args, { ...quiet(output), cwd: root });
  if (error) process.stderr.write(`taskflow: ${command}: ${error.message}\n`);
  if (error || status !== 0) process.exit(status || 1);
}

function quiet(output) {
  return {
    stdio: ['ignore', output, 'inherit'],
    env: { ...process.env, npm_config_update_notifier: 'false' },
  };
}

/** `make` answers false where it could not, and is tried again at the next start. */
function once(step, sources, isThere, make) {
  const digest = digestOf(sources);
  const stamp = join(stamps, step);
  const before = existsSync(stamp) ? readFileSync(stamp, 'utf8') : null;
  if (isThere && (before === digest || (before === null && step === 'install'))) return;
  process.stderr.write(`taskflow: ${DOING[step]} …\n`);
  if (make() === false) return;
  mkdirSync(stamps, { recursive: true });
  writeFileSync(stamp, digest);
}

const DOING = {
  install: 'installing dependencies',
  'install-strangers': "installing third parties' clients for the tests",
  generate: 'generating the database client',
  'build-server': 'building the server',
  'build-client': 'building the web client',
};

/** A digest of the names, sizes and times of the files: enough to see a change, and quick. */
function digestOf(sources) {
  const hash = createHash('sha256');
  for (const source of sources) hashFile(hash, join(root, source));
  return hash.digest('hex');
}

function hashFile(hash, path) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return;
  if (!found.isDirectory()) {
    hash.update(`${path}\0${found.size}\0${found.mtimeMs}\n`);
    return;
  }
  for (const name of readdirSync(path).sort()) {
    if (name !== 'node_modules') hashFile(hash, join(path, name));
  }
}
