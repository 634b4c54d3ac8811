import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startCuttableProxy } from './support/cuttable-proxy.ts';
import { startTestSystem, type TestSystem } from './support/harness.ts';

const ROOT = new URL('..', import.meta.url);
const hasCurl = spawnSync('curl', ['--version']).status === 0;
if (!hasCurl) process.stderr.write('taskflow: no curl here: its example is skipped\n');

/** Characters that a shell, JSON or an encoding can corrupt. */
const SAID = `${String.raw`Say "it" with \n, $HOME and a \ at the end \ `.trim()}\nNext line;\tñ, 語 and 🙂.`;
const ANSWER = 'Hello, "you"!\n\tA \\n is no line break, 100 % sure; ñ, 語 and 🙂 are letters.\nThe end.';

let system: TestSystem;
/** Answers every request with a page. */
let website: Server;
beforeAll(async () => {
  system = await startTestSystem();
  website = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>\n<p id="a">Hello</p>\n');
  });
  await once(website.listen(0, '127.0.0.1'), 'listening');
});
beforeEach(() => system.upstream.answerAll(ANSWER, { chunkSize: 7 }));
afterAll(async () => {
  website.close();
  await system.stop();
});

describe.each([
  ['examples/conversation.sh', hasCurl, { text: SAID.replace('\t', ' ') }],
  ['examples/conversation.mjs', true, { text: SAID }],
])('%s', (example, canRun, sent) => {
  test.skipIf(!canRun).each([
    ['', 'http://127.0.0.1:4000'],
    [' that ends in a slash', 'http://127.0.0.1:4000/'],
  ])('sends a message to a URL%s, and prints the answer exactly', async (_name, form) => {
    const url = form.replace('http://127.0.0.1:4000', system.url);
    expect(await run(example, url)).toEqual({ code: 0, stdout: `${ANSWER}\n`, stderr: '' });
    expect(system.upstream.requests.at(-1)?.messages.at(-1)).toEqual({ role: 'user', content: sent.text });
  });

  test.skipIf(!canRun).each([
    ['nobody listens', () => 'http://127.0.0.1:1'],
    ['nobody speaks TLS', () => system.url.replace('http:', 'https:')],
    ['the path is wrong', () => `${system.url}/graphql`],
    ['a website answers', () => `http://127.0.0.1:${(website.address() as AddressInfo).port}`],
  ])('says in one line where it looked for a server, and how to start one, when %s', async (_name, url) => {
    const { code, stdout, stderr } = await run(example, url());
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^No TaskFlow at [^\n]+ Start it with npm start[^\n]+\n$/);
    expect(stderr).toContain(url());
  });

  test.skipIf(!canRun)('says in one line why a message is refused', async () => {
    const refused = await run(example, system.url, ' ');
    expect(refused).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(/^[^\n]+\n$/) });
    expect(refused.stderr).not.toContain('No TaskFlow');
  });

  test.skipIf(!canRun)('says in one line why an answer failed', async () => {
    system.upstream.answerAll(null);
    const [failed] = await Promise.all([
      run(example, system.url),
      system.upstream.nextRequest().then((request) => request.fail(401)),
    ]);
    expect(failed).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(/^[^\n]+\n$/) });
    expect(failed.stderr).not.toContain('No TaskFlow');
  });

  test('is shown in the README as it is', async () => {
    const readme = await readFile(new URL('README.md', ROOT), 'utf8');
    expect(readme).toContain(await readFile(new URL(example, ROOT), 'utf8'));
  });
});

test('examples/conversation.mjs prints each word once, also through a lost connection', async () => {
  system.upstream.answerAll(null);
  const proxy = await startCuttableProxy(system.url);
  const path = fileURLToPath(new URL('examples/conversation.mjs', ROOT));
  const child = spawn(process.execPath, [path], { env: { ...process.env, TASKFLOW_URL: proxy.url } });
  const answer = await system.upstream.nextRequest();
  await answer.send('Bees ');
  let printed = String((await once(child.stdout, 'data'))[0]);
  child.stdout.on('data', (text) => {
    printed += text;
  });
  expect(proxy.drop()).toBe(1);
  await answer.send('dance in the dark.');
  await answer.finish();
  expect(await once(child, 'close')).toEqual([0, null]);
  expect(printed).toBe('Bees dance in the dark.\n');
  await proxy.stop();
});

/** How the example ends. */
async function run(example: string, url: string, text = SAID) {
  const path = fileURLToPath(new URL(example, ROOT));
  const [command, ...args] = path.endsWith('.mjs') ? [process.execPath, path] : [path];
  const env = { ...process.env, TASKFLOW_URL: url };
  const ended = promisify(execFile)(command ?? '', [...args, text], { env });
  const { code = 0, stdout, stderr } = await ended.catch((error) => error);
  return { code, stdout, stderr };
}
