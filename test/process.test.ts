import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildProduct, type Ending, type Entry, startProduct } from './support/product.ts';

/** A start takes 2 s, and several times as long where every core is busy. In milliseconds. */

let dir: string;
beforeAll(async () => {
  buildProduct();
  dir = await mkdtemp(join(tmpdir(), 'taskflow-process-'));
  await writeFile(join(dir, 'a-file'), 'I am no directory');
  await writeFile(join(dir, 'torn.json'), '[\n  { "id": "a",\n');
  await writeFile(
    join(dir, 'odd.json'),
    JSON.stringify([{ id: 'a', name: 'A', vendor: 'V', contextwindow: 1 }]),
  );
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** How a process with these variables ends. `{dir}` in a value is the test's directory. */
async function startWith(env: Record<string, string>, entry?: Entry): Promise<Ending> {
  const placed = Object.entries({ DATA_DIR: '{dir}/data', ...env });
  const product = startProduct(
    Object.fromEntries(placed.map(([name, value]) => [name, value.replace('{dir}', dir)])),
    entry,
  );
  product.ready.then(product.kill, () => {});
  return product.ended;
}

function expectOneLine({ code, stdout, stderr }: Ending, ...mentions: (string | RegExp)[]): void {
  expect(stderr).toMatch(/^taskflow: [^\n]+\n$/);
  for (const mention of mentions) expect(stderr).toMatch(mention);
  expect(stdout).toBe('');
  expect(code).toBe(1);
}

describe.concurrent('a start that cannot succeed ends with exit code 1 and one line that names', () => {
  test.each([
    ['PORT', '99999', 'whole number from 0 to 65535'],
    ['HOST', '0.0.0.0', 'AUTH_MODE=none'],
    ['PROCESSES', '2', 'DATABASE_URL and REDIS_URL'],
    ['DATABASE_URL', 'postgresql://u:hunter2@127.0.0.1:1/x', 'connection refused'],
    ['HTTP_PROXY', 'socks5://me:hunter2@proxy', 'must be the URL of a proxy'],
    ['LLM_EXTRA_HEADERS', '{"x-key": hunter2}', 'must be a JSON object'],
    ['MODELS_FILE', '{dir}/absent.json', 'cannot be read'],
    ['MODELS_FILE', '{dir}/torn.json', 'is not JSON'],
    ['MODELS_FILE', '{dir}/odd.json', 'contextWindow'],
    ['REDIS_URL', 'redis+sentinel://u:hunter2@127.0.0.1:1/m', 'Sentinels at 127.0.0.1:1 (m) cannot be used'],
    ['REDIS_URL', 'redis://u:hunter2@127.0.0.1:1,127.0.0.1:2', 'Cluster at 127.0.0.1:1, 127.0.0.1:2'],
    ['DATA_DIR', '{dir}/a-file', 'is not a directory'],
  ])('%s when it is %s', async (name, value, reason) => {
    const ending = await startWith({ [name]: value });
    expectOneLine(ending, name === 'DATABASE_URL' ? '127.0.0.1:1/x' : name, reason);
    expect(ending.stderr).not.toContain('hunter2');
  });

  test.each([
    ['server-main', { DATABASE_URL: 'postgresql://u:hunter2@127.0.0.1:1/x' }, 'REDIS_URL must be set'],
    ['worker-main', { DATABASE_URL: 'postgresql://u:hunter2@127.0.0.1:1/x' }, 'REDIS_URL must be set'],
    ['server-main', { REDIS_URL: 'redis://:hunter2@127.0.0.1:1' }, 'DATABASE_URL must be set'],
    ['worker-main', {}, 'DATABASE_URL and REDIS_URL must be set'],
  ] as const)('what %s needs when it runs alone with %j', async (entry, env, reason) => {
    const ending = await startWith(env, entry);
    expectOneLine(ending, reason, 'npm start runs both in one process');
    expect(ending.stderr).not.toContain('hunter2');
  });

  test('every invalid variable at once', async () => {
    const wrong = {
      HOST: 'two words',
      PORT: 'http',
      AUTH_MODE: 'maybe',
      OPENAI_BASE_URL: 'ftp://models.example',
      DATABASE_URL: 'mysql://u:hunter2@db/x',
      REDIS_URL: 'localhost:6379',
      IDLE_NUDGE_MS: 'soon',
      CONTEXT_MESSAGES: '0',
      LOG_LEVEL: 'loud',
      LOG_FORMAT: 'xml',
    };
    const ending = await startWith(wrong);
    expectOneLine(ending, ...Object.keys(wrong));
    expect(ending.stderr).not.toContain('hunter2');
  });
});
