import { execFile, spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestSystem, type TestSystem } from './harness.ts';

const ROOT = new URL('..', import.meta.url);
const hasCurl = spawnSync('curl', ['--version']).status === 0;
if (!hasCurl) process.stderr.write('taskflow: no curl here: its example is skipped\n');

const SAID = String.raw`Say "it" with \n and a \ at the end \ `.trim();
const ANSWER = 'Hello, "you"!\n\tA \\n is no line break; ñ, 語 and 🙂 are letters.\nThe end.';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem();
  system.upstream.answerAll(ANSWER, { chunkSize: 7 });
});
afterAll(() => system.stop());

describe.each([
  ['examples/conversation.sh', hasCurl],
  ['examples/conversation.mjs', true],
])('%s', (example, canRun) => {
  test.skipIf(!canRun)('says what it is told and prints the answer as it was given', async () => {
    const { stdout, stderr } = await run(example, system.url);
    expect({ stdout, stderr }).toEqual({ stdout: `${ANSWER}\n`, stderr: '' });
    expect(system.upstream.requests.at(-1)?.messages.at(-1)).toEqual({ role: 'user', content: SAID });
  });

  test.skipIf(!canRun)('fails where no server is', async () => {
    await expect(run(example, 'http://127.0.0.1:1')).rejects.toMatchObject({ code: expect.any(Number) });
  });

  test('is shown in the README as it is', async () => {
    const readme = await readFile(new URL('README.md', ROOT), 'utf8');
    expect(readme).toContain(await readFile(new URL(example, ROOT), 'utf8'));
  });
});

function run(example: string, url: string): Promise<{ stdout: string; stderr: string }> {
  const path = fileURLToPath(new URL(example, ROOT));
  const [command, ...args] = path.endsWith('.mjs') ? [process.execPath, path] : [path];
  const env = { ...process.env, TASKFLOW_URL: url };
  return promisify(execFile)(command ?? '', [...args, SAID], { env });
}
