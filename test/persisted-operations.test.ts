import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { clientDir } from '../core/installation/installed-files.ts';
import { CHROMIUM, Chat, openBrowser, PAGE_STEP_MS } from './support/browser.ts';
import { type Data, startTestSystem, type TestSystem } from './support/harness.ts';
import { StreamReader } from './support/stream-reader.ts';

const WHO = 'query Who { viewer { id } }';
const CREATE = 'mutation Create { createConversation(input: { greet: false }) { __typename } }';
const CHANGES = 'subscription Changes { conversationChanges { kind } }';
const UNLISTED = '{ viewer { name } }';

const hashOf = (document: string) => createHash('sha256').update(document).digest('hex');
const by = (document: string) => ({
  extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(document) } },
});
const codeOf = ({ errors }: Data) => errors?.[0].extensions.code;

const REQUIRED = 'PERSISTED_QUERY_ID_REQUIRED';
const NOT_FOUND = 'PERSISTED_QUERY_NOT_FOUND';

describe('with PERSISTED_OPERATIONS=only', () => {
  let folder: string;
  let system: TestSystem;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'taskflow-listed-'));
    const list = join(folder, 'list.json');
    await writeFile(
      list,
      JSON.stringify(Object.fromEntries([WHO, CREATE, CHANGES].map((one) => [hashOf(one), one]))),
    );
    system = await startTestSystem({ PERSISTED_OPERATIONS: 'only', PERSISTED_OPERATIONS_FILE: list });
  });
  afterAll(async () => {
    await system?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  function post(body: object, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${system.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  function get(params: { query?: string; extensions?: object }, headers: Record<string, string> = {}) {
    const url = new URL('/graphql', system.url);
    if (params.query) url.searchParams.set('query', params.query);
    if (params.extensions) url.searchParams.set('extensions', JSON.stringify(params.extensions));
    return fetch(url, { headers });
  }

  /** The first result of an operation over WebSocket, or its errors in the same form. */
  async function overSocket(payload: object): Promise<Data> {
    const client = createClient({
      url: `${system.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
    });
    try {
      return await new Promise((resolve, reject) => {
        client.subscribe(
          { query: '', ...payload },
          {
            next: resolve,
            error: (errors) => (Array.isArray(errors) ? resolve({ errors }) : reject(errors)),
            complete: () => {},
          },
        );
      });
    } finally {
      await client.dispose();
    }
  }

  test('[P-81] a listed operation is executed by its hash, over every transport', async () => {
    const viewer = { data: { viewer: { id: expect.any(String) } } };
    expect(await (await post(by(WHO))).json()).toEqual(viewer);
    expect(await (await get(by(WHO))).json()).toEqual(viewer);
    expect(await (await post({ ...by(WHO), query: UNLISTED })).json()).toEqual(viewer);
    expect(await overSocket(by(WHO))).toEqual(viewer);
    const stream = new StreamReader(await get(by(CHANGES), { accept: 'text/event-stream' }), '\n\n');
    const changed = overSocket(by(CHANGES));
    const created = { data: { createConversation: { __typename: 'CreateConversationSuccess' } } };
    expect(await (await post(by(CREATE))).json()).toEqual(created);
    const change = { data: { conversationChanges: { kind: 'CREATED' } } };
    expect((await stream.event()).data).toEqual(change);
    await stream.leave();
    // Until the subscription is active.
    let isHeard = false;
    void changed.then(() => (isHeard = true));
    while (!isHeard) await post(by(CREATE));
    expect(await changed).toEqual(change);
  });

  test.each([
    ['a document that is not listed', { query: UNLISTED }, REQUIRED],
    ['a listed document without its hash', { query: WHO }, REQUIRED],
    ['a subscription', { query: CHANGES }, REQUIRED],
    ['introspection', { query: '{ __schema { queryType { name } } }' }, REQUIRED],
    ['the hash of a document that is not listed', by(UNLISTED), NOT_FOUND],
    ['a document with its hash that is not listed', { ...by(UNLISTED), query: UNLISTED }, NOT_FOUND],
  ])('[P-81] %s is refused, over every transport', async (_what, params, code) => {
    expect(codeOf(await (await post(params)).json())).toBe(code);
    expect(codeOf(await (await get(params)).json())).toBe(code);
    expect(codeOf(await overSocket(params))).toBe(code);
    const stream = new StreamReader(await get(params, { accept: 'text/event-stream' }), '\n\n');
    expect(codeOf((await stream.event()).data)).toBe(code);
    const token = await (await fetch(`${system.url}/graphql`, { method: 'PUT' })).text();
    const inStream = {
      ...params,
      extensions: { ...('extensions' in params && params.extensions), operationId: 'a' },
    };
    const refused = await post(inStream, { 'x-graphql-event-stream-token': token });
    expect(codeOf(await refused.json())).toBe(code);
  });

  test('the list of the web client has the hash of each of its documents', async () => {
    const list = JSON.parse(await readFile(join(clientDir(), 'persisted-documents.json'), 'utf8'));
    const documents = Object.entries<string>(list);
    expect(documents.length).toBeGreaterThan(15);
    for (const [hash, document] of documents) expect(hash).toBe(`sha256:${hashOf(document)}`);
  });

  test.skipIf(!CHROMIUM)('the web client works in Chromium', async () => {
    const browser: Browser = await openBrowser();
    try {
      const context = await browser.newContext();
      context.setDefaultTimeout(PAGE_STEP_MS);
      const refusals: string[] = [];
      context.on('response', async (response) => {
        if (
          response.url().endsWith('/graphql') &&
          (await response.text().catch(() => '')).includes('PERSISTED_QUERY')
        )
          refusals.push(response.url());
      });
      const chat = await Chat.open(context, system.url);
      await chat.pace('INSTANT');
      await chat.say('How do bees talk?');
      const answer = await system.upstream.nextRequest();
      await answer.send('They dance.');
      await chat.hears('They dance.');
      await answer.finish();
      await chat.message('ASSISTANT', 'COMPLETED').waitFor();
      await chat.sidebar.first().waitFor();
      await chat.page.reload();
      await chat.message('ASSISTANT', 'COMPLETED').filter({ hasText: 'They dance.' }).waitFor();
      await chat.page.getByTestId('usage-link').click();
      await chat.page.locator('.usage-totals').first().waitFor();
      expect(refusals).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
