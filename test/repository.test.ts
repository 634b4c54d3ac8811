import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROWS } from '../core/config/settings.ts';
import { missingPlatforms } from '../scripts/complete-lock.mjs';
import { outOfDate } from '../scripts/out-of-date.mjs';
import { schema } from '../server/graphql/schema/schema.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'taskflow-house-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const VITEST = "import { vi } from 'vitest';\n\n";
const ENVIRONMENT = 'lint/style/noProcessEnv';
const CASES: Record<string, [code: string, rule: string | null]> = {
  'core/round.ts': [
    "import { a } from './about.ts';\nexport const b = a;\n",
    'lint/suspicious/noImportCycles',
  ],
  'core/about.ts': [
    "import { b } from './round.ts';\nexport const a = b;\n",
    'lint/suspicious/noImportCycles',
  ],
  'core/prints.ts': ["console.log('here');\n", 'lint/suspicious/noConsole'],
  'server/prints.ts': ["console.error('here');\n", 'lint/suspicious/noConsole'],
  'worker/prints.ts': ["console.info('here');\n", 'lint/suspicious/noConsole'],
  'client/src/prints.tsx': ["console.warn('here');\n", 'lint/suspicious/noConsole'],
  'scripts/prints.mjs': ["console.log('here');\n", 'lint/suspicious/noConsole'],
  'server/reads-environment.ts': ['process.env.PORT?.trim();\n', ENVIRONMENT],
  'core/live/feed/reads-environment.ts': [
    "import { env } from 'node:process';\nenv.PORT?.trim();\n",
    ENVIRONMENT,
  ],
  'core/config/reads-environment.ts': ['process.env.PORT?.trim();\n', null],
  'core/waits-a-second.test.ts': [`${VITEST}await vi.waitFor(() => 1);\n`, 'plugin'],
  'core/waits-long.test.ts': [`${VITEST}await vi.waitFor(() => 1, { timeout: 60_000 });\n`, null],
};

describe('the check', () => {
  let found: Map<string, string>;
  beforeAll(() => {
    found = lint(CASES);
  });

  test.each(Object.entries(CASES))('of a file %s says what it should', (path, [, rule]) => {
    expect(found.get(path) ?? null).toBe(rule);
  });

  test('finds the files, exports and dependencies that nothing uses', () => {
    expect(
      unused({
        'package.json': JSON.stringify({ main: 'main.ts', dependencies: { graphql: '16', ws: '8' } }),
        'main.ts': "import './core/used.ts';\nimport 'pg';\nimport 'ws';\n",
        'core/used.ts': 'export const alone = 1;\nexport type Alone = 1;\n',
        'core/unused.ts': '',
      }),
    ).toEqual([
      'dependencies graphql',
      'exports alone',
      'files core/unused.ts',
      'types Alone',
      'unlisted pg',
    ]);
  });

  test('reports a file that differs from what its generator writes', () => {
    const [same, other, absent] = ['same', 'other', 'absent'].map((name) => join(dir, name));
    if (!same || !other || !absent) throw new Error('three names are three paths');
    writeFileSync(same, 'as it was');
    writeFileSync(other, 'by hand');
    const stale = outOfDate([same, other, absent], () => {
      for (const file of [same, other, absent]) writeFileSync(file, 'as it was');
    });
    expect(stale).toEqual([other, absent]);
  });
});

describe('what is committed', () => {
  test('schema.graphql is the schema as it is served', () => {
    expect(`${printSchema(lexicographicSortSchema(schema))}\n`).toBe(read('schema.graphql'));
  });

  test('the lock file has the packages of every platform, which npm ci requires', () => {
    const { packages } = JSON.parse(read('package-lock.json'));
    expect(missingPlatforms(packages), 'run: node scripts/complete-lock.mjs').toEqual([]);
  });

  test('the lock file has every package at the root, where the built product finds it', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, object> };
    expect(Object.keys(packages).filter((path) => /^packages\/.*\/node_modules\//.test(path))).toEqual([]);
  });

  test.each([
    ['package-lock.json', 100],
    ['test/strangers/package-lock.json', 30],
    ['bench/delivery/peers/package-lock.json', 30],
  ])('the lock file %s names no host to install from: each machine uses its own registry', (file, least) => {
    const { packages } = JSON.parse(read(file)) as { packages: Record<string, { resolved?: string }> };
    const named = Object.entries(packages).filter(([, { resolved = '' }]) => resolved.includes(':'));
    expect(Object.keys(packages).length).toBeGreaterThan(least);
    expect(named).toEqual([]);
  });

  test('every package accepts the Node that runs this: npm ci has nothing to warn of', () => {
    const args = ['ci', '--dry-run', '--offline', '--ignore-scripts', '--engine-strict', '--no-audit'];
    const { status, stderr } = spawnSync('npm', args, { cwd: ROOT, encoding: 'utf8' });
    expect(stderr).not.toContain('npm warn');
    expect(status, stderr).toBe(0);
  });

  test('whether a package may run a script at its installation is decided for each that has one', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { hasInstallScript?: true }>;
    };
    const names = Object.keys(packages).filter((path) => packages[path]?.hasInstallScript);
    const { allowScripts } = JSON.parse(read('package.json'));
    expect(Object.keys(allowScripts).toSorted()).toEqual(names.map(nameOf).toSorted());
  });

  const ofCompose = [
    ...new Set([...read('docker-compose.yml').matchAll(/\$\{([A-Z_]+):?[?-]/g)].map(([, name = '']) => name)),
  ];

  test.each([
    ['README.md', /^\| `([A-Z_]+)` \|/gm, []],
    ['.env.example', /^# ?([A-Z_]+)=/gm, ofCompose],
  ])('%s names every variable of the environment, and no other', (file, pattern, more) => {
    const named = [...read(file).matchAll(pattern)].map(([, name]) => name);
    const known = new Set([...ROWS.map(({ variable }) => variable), ...more]);
    expect(named.toSorted()).toEqual([...known].toSorted());
  });

  test.each([...read('README.md').matchAll(/`npm (?:run )?([a-z:]+)/g)].map(([, name = '']) => name))(
    'the command npm %s of the README exists',
    (name) => {
      const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
      expect([...Object.keys(scripts), 'ci']).toContain(name);
    },
  );

  test.each([...read('README.md').matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path = '']) => path))(
    'the file %s that the README links to exists',
    (path) => {
      expect(() => read(path)).not.toThrow();
    },
  );
});

/** The name of a package, out of its place in a lock file. */
function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** What is unused, or used and not declared, in a project of these files, by the configuration of this repository. */
function unused(files: Record<string, string>): string[] {
  const project = mkdtempSync(join(dir, 'project-'));
  for (const [path, code] of Object.entries({ ...files, 'knip.jsonc': read('knip.jsonc') })) {
    mkdirSync(join(project, dirname(path)), { recursive: true });
    writeFileSync(join(project, path), code);
  }
  const knip = join(ROOT, 'node_modules/knip/bin/knip.js');
  const { stdout } = spawnSync(process.execPath, [knip, '--reporter=json', '--no-progress'], {
    cwd: project,
    encoding: 'utf8',
  });
  const { issues } = JSON.parse(stdout) as { issues: Record<string, string | { name: string }[]>[] };
  const found = issues.flatMap((ofFile) =>
    Object.entries(ofFile).flatMap(([kind, those]) =>
      typeof those === 'string' ? [] : those.map(({ name }) => `${kind} ${name}`),
    ),
  );
  return found.toSorted();
}

/** The first rule of this repository that each file breaks, if any. */
function lint(files: typeof CASES): Map<string, string> {
  const { vcs: _vcs, plugins, ...rules } = JSON.parse(read('biome.json'));
  const own = { $schema: undefined, plugins: plugins.map((path: string) => join(ROOT, path)) };
  writeFileSync(join(dir, 'biome.json'), JSON.stringify({ ...rules, ...own }));
  for (const [path, [code]] of Object.entries(files)) {
    mkdirSync(join(dir, dirname(path)), { recursive: true });
    writeFileSync(join(dir, path), code);
  }
  const biome = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');
  const { stdout } = spawnSync(
    process.execPath,
    [biome, 'lint', '--reporter=json', '--max-diagnostics=200'],
    {
      cwd: dir,
      encoding: 'utf8',
    },
  );
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { category: string; location: { path: string } }[];
  };
  return new Map(diagnostics.map(({ category, location }) => [location.path, category]));
}
