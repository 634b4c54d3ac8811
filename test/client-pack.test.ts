import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { rolldown } from 'rolldown';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CHROMIUM, openBrowser, PAGE_STEP_MS } from './support/browser.ts';
import { type CuttableProxy, startCuttableProxy } from './support/cuttable-proxy.ts';
import { startTestSystem, type TestSystem } from './support/harness.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');
/** What an application may pay for the package, in bytes: minified and compressed, without graphql-ws. */
const MOST_BYTES = 8_192;

/** The folder of a stranger, who has installed the package. */
let folder: string;
let installed: string;
let packed: { version: string; files: { path: string }[] };
let system: TestSystem;
/** Serves the stranger's folder. */
let site: Server;
let origin: string;
/** The network between the pages and the server. */
let proxy: CuttableProxy;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskflow-pack-'));
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: join(root, 'packages/client'),
  });
  const [result] = JSON.parse(stdout);
  packed = result;
  installed = join(folder, 'node_modules/@taskflow/client');
  await mkdir(installed, { recursive: true });
  await run('tar', ['-xzf', join(folder, result.filename), '-C', installed, '--strip-components=1']);
  // What npm would install: the package's dependency and the peer of that; the WebSocket of Node before version 22; React.
  for (const name of ['graphql-ws', 'graphql', 'ws', 'react', 'react-dom', 'scheduler'])
    await cp(join(root, 'node_modules', name), join(folder, 'node_modules', name), { recursive: true });
  await cp(join(root, 'packages/client/examples'), folder, { recursive: true });
  site = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://site').pathname;
    const type = { '.html': 'text/html', '.js': 'text/javascript' }[extname(path)] ?? 'text/plain';
    readFile(join(folder, path)).then(
      (body) => response.writeHead(200, { 'content-type': type }).end(body),
      () => response.writeHead(404).end(),
    );
  });
  await once(site.listen(0, '127.0.0.1'), 'listening');
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  system = await startTestSystem({ ALLOWED_ORIGINS: origin });
  proxy = await startCuttableProxy(system.url);
});
afterAll(async () => {
  await proxy?.stop();
  site?.close();
  await system?.stop();
  await rm(folder, { recursive: true, force: true });
});

test('the package has its modules and their types, its README, its licence, and nothing else', async () => {
  const others = packed.files
    .map(({ path }) => path)
    .filter((path) => !/^dist\/.*\.(?:js|d\.ts)$/.test(path));
  expect(others.sort()).toEqual(['LICENSE', 'README.md', 'package.json']);
  const { version, license, dependencies, exports } = JSON.parse(
    await readFile(join(installed, 'package.json'), 'utf8'),
  );
  expect({ version, license }).toEqual({ version: packed.version, license: 'MIT' });
  expect(Object.keys(dependencies)).toEqual(['graphql-ws']);
  expect(Object.keys(exports)).toEqual(['.', './core']);
});

test(`it costs an application at most ${MOST_BYTES} bytes`, async () => {
  const entry = join(folder, 'application.mjs');
  await writeFile(entry, "export { connect } from '@taskflow/client';");
  const bundle = await rolldown({ input: entry, external: /^graphql-ws/ });
  const { output } = await bundle.generate({ format: 'esm', minify: true });
  await bundle.close();
  expect(output[0].code).toContain('clientMessageId');
  expect(gzipSync(output[0].code, { level: 9 }).byteLength).toBeLessThanOrEqual(MOST_BYTES);
});

test('a program in plain Node sends a message with it and reads the answer', async () => {
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  await writeFile(
    join(folder, 'program.js'),
    `import { connect } from '@taskflow/client';
     import { WebSocket } from 'ws';
     const [url, id] = process.argv.slice(2);
     const client = connect({ url, webSocketImpl: WebSocket });
     const conversation = client.conversation(id);
     const stop = conversation.subscribe(async () => {
       const answer = conversation.getSnapshot().messages.findLast(({ role }) => role === 'ASSISTANT');
       if (answer?.status !== 'COMPLETED') return;
       stop();
       console.log(answer.content);
       await client.close();
     });
     const { isAccepted } = await conversation.send('How do bees talk?');
     console.log(isAccepted);`,
  );
  const id = await newConversation();
  system.upstream.answerAll('They dance.');
  const { stdout } = await run(process.execPath, ['program.js', `${system.url}/graphql`, id], {
    cwd: folder,
    timeout: 60_000,
  });
  expect(stdout.trim().split('\n').sort()).toEqual(['They dance.', 'true']);
});

async function newConversation(): Promise<string> {
  const { data } = await system.request(
    'mutation { createConversation(input: { greet: false, pacing: INSTANT }) { ... on CreateConversationSuccess { conversation { id } } } }',
  );
  return data.createConversation.conversation.id;
}

test('its types are whole: a strict compiler that skips no library accepts a program, and refuses a wrong one', async () => {
  const options = ['--strict', '--noEmit', '--target', 'es2023', '--module', 'nodenext', '--types', ''];
  const compile = (file: string) =>
    run(join(root, 'node_modules/.bin/tsc'), [...options, '--lib', 'es2023,dom', file], { cwd: folder }).then(
      ({ stdout }) => stdout,
      ({ stdout }: { stdout: string }) => stdout,
    );
  const program = (text: string) => `
    import { connect, type ConversationState } from '@taskflow/client';
    import { Outbox, Session } from '@taskflow/client/core';
    const { conversation } = connect({ url: '', token: async () => '' });
    const state: ConversationState = conversation('c').getSnapshot();
    export const shown: [string, typeof Outbox, typeof Session] = [${text}, Outbox, Session];`;
  await writeFile(join(folder, 'right.ts'), program("state.messages[0]?.content ?? ''"));
  await writeFile(join(folder, 'wrong.ts'), program('state.messages[0]?.createdAtt'));
  expect(await compile('right.ts')).toBe('');
  expect(await compile('wrong.ts')).toMatch(/^wrong\.ts\(6,\d+\): error TS2551: .*createdAtt[^\n]*\n$/);
});

const title = CHROMIUM
  ? 'in Chromium'
  : 'NO CHROMIUM ON THIS MACHINE: the examples were NOT tested in a browser';

describe.skipIf(!CHROMIUM)(title, () => {
  let browser: Browser;
  let context: BrowserContext;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    context = await browser.newContext();
    context.setDefaultTimeout(PAGE_STEP_MS);
    system.upstream.answerAll(null);
    proxy.restore();
  });
  afterEach(() => context.close());

  async function open(path: string): Promise<Page> {
    const page = await context.newPage();
    await page.goto(`${origin}/${path}`);
    return page;
  }

  async function say(page: Page, text: string): Promise<void> {
    await page.getByLabel('Message').fill(text);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
  }

  const shown = (page: Page, role: string, status: string, text: string) =>
    page.locator(`li[data-role=${role}][data-status=${status}]`, { hasText: text });

  test('the page of plain HTML: what is sent offline survives the closed tab, and arrives once', async () => {
    const path = `plain.html?server=${proxy.url}`;
    const page = await open(path);
    await say(page, 'How do bees talk?');
    const first = await system.upstream.nextRequest();
    await first.send('They dance.');
    await shown(page, 'ASSISTANT', 'speaking', 'They').waitFor();
    await first.finish();
    await shown(page, 'ASSISTANT', 'COMPLETED', 'They dance.').waitFor();
    proxy.cut();
    await say(page, 'And ants?');
    await shown(page, 'USER', 'sending', 'And ants?').waitFor();
    const { hash } = new URL(page.url());
    await page.close();

    proxy.restore();
    const again = await open(path + hash);
    const second = await system.upstream.nextRequest();
    expect(second.messages.at(-1)?.content).toBe('And ants?');
    await second.send('By smell.');
    await second.finish();
    await shown(again, 'ASSISTANT', 'COMPLETED', 'By smell.').waitFor();
    expect(await again.locator('li').allInnerTexts()).toEqual([
      ...['How do bees talk?', 'They dance.', 'And ants?', 'By smell.'],
    ]);
    expect(await again.evaluate(() => localStorage.length)).toBe(0);
  });

  test('the page of React: an answer is shown as it is spoken, and a message cuts it off where it is read', async () => {
    await build({
      ...{ root: join(folder, 'react'), base: './', configFile: false, logLevel: 'warn' },
      build: { outDir: join(folder, 'built'), emptyOutDir: true, minify: false },
    });
    const page = await open(
      `built/index.html?server=${proxy.url}&conversation=${encodeURIComponent(await newConversation())}`,
    );
    await say(page, 'How do bees talk?');
    const first = await system.upstream.nextRequest();
    await first.send('They dance.');
    await shown(page, 'ASSISTANT', 'speaking', 'They dance.').waitFor();
    await say(page, 'And ants?');
    const second = await system.upstream.nextRequest();
    await second.send('By smell.');
    await second.finish();
    await shown(page, 'ASSISTANT', 'COMPLETED', 'By smell.').waitFor();
    await shown(page, 'ASSISTANT', 'INTERRUPTED', 'They dance.').waitFor();
    expect(await page.locator('li').allInnerTexts()).toEqual([
      ...['How do bees talk?', 'They dance.', 'And ants?', 'By smell.'],
    ]);
  });
});
