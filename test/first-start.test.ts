import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** What a clone does not have, and what a start does not need. */
const LEFT_OUT = ['.git', '.data', 'node_modules', 'dist', 'generated', 'test', 'docs'];

let clone: string;
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'taskflow-first-start-'));
  for (const name of readdirSync(ROOT))
    if (!LEFT_OUT.includes(name)) cpSync(join(ROOT, name), join(clone, name), { recursive: true });
  const installed = join(clone, 'node_modules');
  mkdirSync(installed);
  for (const name of readdirSync(join(ROOT, 'node_modules')))
    if (name !== '.taskflow') symlinkSync(join(ROOT, 'node_modules', name), join(installed, name));
});
afterEach(() => rmSync(clone, { recursive: true, force: true }));

/** What `npm start` prints until it is ready, on standard output and standard error together. */
async function linesOfStart(): Promise<string[]> {
  const child = spawn('npm start 2>&1', {
    cwd: clone,
    shell: true,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0' },
  });
  const lines: string[] = [];
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      if (line.includes('"ready"')) break;
    }
  } finally {
    const ended = new Promise((resolve) => child.once('close', resolve));
    if (child.pid) process.kill(-child.pid, 'SIGKILL');
    await ended;
  }
  return lines;
}

test('the first start prints nine lines at most, and ends with the model that answers, how to set a key, and the address', async () => {
  const lines = await linesOfStart();
  expect(lines.length, lines.join('\n')).toBeLessThanOrEqual(9);
  const [models, ready] = lines.slice(-2);
  expect(models).toContain('Demo answers');
  expect(models).toContain('OPENROUTER_API_KEY, OPENAI_API_KEY or OPENAI_BASE_URL');
  expect(ready).toMatch(/"url":"http:\/\/127\.0\.0\.1:\d+"/);
});
