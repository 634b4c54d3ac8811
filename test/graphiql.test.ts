import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CHROMIUM, GraphiQL, openBrowser, PAGE_STEP_MS, violationsIn } from './support/browser.ts';
import { startTestSystem, type TestSystem } from './support/harness.ts';
import { tokenFor, WITH_TOKENS } from './support/tokens.ts';

const title = CHROMIUM
  ? 'the examples of GraphiQL, in Chromium'
  : 'NO CHROMIUM ON THIS MACHINE: the examples of GraphiQL were NOT tested';

// A browser beside other suites on two cores is slow; the tests assert on results, not on time.
describe.skipIf(!CHROMIUM)(title, () => {
  let system: TestSystem;
  let browser: Browser;
  let context: BrowserContext;
  let graphiql: GraphiQL;
  /** The requests to other hosts. */
  const foreign: string[] = [];
  let violations: readonly string[];

  beforeAll(async () => {
    [system, browser] = await Promise.all([startTestSystem({ IDLE_NUDGE_MS: '600000' }), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });
  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    context.setDefaultTimeout(PAGE_STEP_MS);
    foreign.length = 0;
    violations = violationsIn(context);
    context.on('request', (request) => {
      const url = request.url();
      if (!/^(blob|data):/.test(url) && !url.startsWith(system.url)) foreign.push(url);
    });
    graphiql = await GraphiQL.open(context, system.url);
  });
  afterEach(async () => {
    await context.close();
    expect(foreign, 'everything comes from this server').toEqual([]);
    expect(violations, 'the policy of the page allows what it does').toEqual([]);
  });

  /** Opens a tab and runs it as it is, once GraphiQL has read it: the page's address then contains it. */
  async function run(tab: 'Create' | 'Send' | 'Listen'): Promise<void> {
    await graphiql.go(tab);
    await graphiql.page.waitForFunction((it) => {
      const query = new URLSearchParams(location.search).get('query');
      return query === null || /(?:mutation|subscription) (\w+)/.exec(query)?.[1] === it;
    }, tab);
    await graphiql.run();
  }

  /** Runs the first tab and has the AI say a greeting. */
  async function create(): Promise<void> {
    const newest = () => localStorage.getItem('taskflow:conversation');
    const before = await graphiql.page.evaluate(newest);
    await run('Create');
    const greeting = await system.upstream.nextRequest();
    await greeting.send('Hello!');
    await greeting.finish();
    await graphiql.shows('"__typename": "CreateConversationSuccess"');
    // What is shown may be the result before.
    await expect.poll(() => graphiql.page.evaluate(newest)).not.toBe(before);
  }

  /** Runs the second tab. Returns the model's request for the answer. */
  async function send() {
    await run('Send');
    await graphiql.shows('"__typename": "SendMessageSuccess"');
    return system.upstream.nextRequest();
  }

  test('the three tabs, run in order and unchanged, show an answer as it grows', async () => {
    const errors: Error[] = [];
    graphiql.page.on('pageerror', (error) => errors.push(error));
    await create();
    const answer = await send();
    await answer.send('Bees dance ');
    await run('Listen');
    await graphiql.shows('"answerSoFar": "Bees dance "');
    await answer.send('in the dark, ');
    await graphiql.shows('"answerSoFar": "Bees dance in the dark, "');
    await graphiql.shows('"__typename": "TurnTextAdded"');
    await answer.send('on the comb.');
    await graphiql.shows('"answerSoFar": "Bees dance in the dark, on the comb."');
    await answer.finish();
    await graphiql.shows('"content": "Bees dance in the dark, on the comb."');
    expect(errors).toEqual([]);
  });

  test('the third tab, run again after the second, shows what was missed and goes on', async () => {
    await create();
    await run('Listen');
    await graphiql.shows('"content": "Hello!"');
    const answer = await send();
    await answer.send('Bees ');
    await run('Listen');
    await graphiql.shows('"answerSoFar": "Bees "');
    await answer.send('dance.');
    await answer.finish();
    await graphiql.shows('"content": "Bees dance."');
  });

  test('a reload keeps the tabs and the newest conversation', async () => {
    await create();
    await graphiql.go('Send');
    await create();
    await graphiql.page.reload();
    const answer = await send();
    await answer.send('Bees.');
    await answer.finish();
    await run('Listen');
    await graphiql.shows('"content": "Bees."');
    expect(await graphiql.tabs()).toEqual(['Create', 'Send', 'Listen']);
    const { data } = await system.request('{ conversations(first: 2) { edges { node { messageCount } } } }');
    expect(data.conversations.edges.map((edge: { node: object }) => edge.node)).toEqual([
      { messageCount: 3 },
      { messageCount: 1 },
    ]);
  });
});

describe.skipIf(!CHROMIUM)(`${title}, where callers need tokens`, () => {
  test('a token below Headers of one tab serves every tab, over HTTP and over WebSocket', async () => {
    const [system, browser] = await Promise.all([startTestSystem(WITH_TOKENS), openBrowser()]);
    try {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
      const graphiql = await GraphiQL.open(context, system.url);
      await graphiql.setHeaders({ Authorization: `Bearer ${await tokenFor({ sub: 'alice' })}` });
      await graphiql.go('Create');
      await graphiql.run();
      const greeting = await system.upstream.nextRequest();
      await greeting.send('Hello!');
      await greeting.finish();
      await graphiql.shows('"__typename": "CreateConversationSuccess"');
      await graphiql.go('Listen');
      await graphiql.run();
      await graphiql.shows('"content": "Hello!"');
    } finally {
      await browser.close();
      await system.stop();
    }
  });
});
