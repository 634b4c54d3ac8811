import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What comes of a script of the project that quietly runs a program of Node's. */
function runsQuietly(program: string) {
  const call = `runQuietly(process.execPath, ['-e', ${JSON.stringify(program)}])`;
  const script = `import { runQuietly } from './scripts/run.mjs'; ${call}; process.stdout.write('went on')`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('a step that succeeds prints nothing', () => {
  const ending = runsQuietly(`console.log('built'); console.error('with a warning')`);
  expect(ending).toEqual({ status: 0, stdout: 'went on', stderr: '' });
});

test('a step that fails prints all that it said, and ends the start with its exit code', () => {
  const ending = runsQuietly(`console.log('building'); console.error('no such file'); process.exit(3)`);
  expect(ending).toEqual({ status: 3, stdout: '', stderr: 'building\nno such file\n' });
});
