import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CHROMIUM, openBrowser, PAGE_STEP_MS, violationsIn } from './support/browser.ts';
import { startTestSystem, type TestSystem } from './support/harness.ts';
import { type OverheardServer, startOverheardServer } from './support/overheard-server.ts';

const title = CHROMIUM ? 'in Chromium' : 'NO CHROMIUM ON THIS MACHINE: pages of other sites were NOT tested';

const SUBSCRIPTION = 'subscription { conversationChanges { kind } }';

/** An address of this machine that other machines can reach, if it has one: browsers do not treat it as secure. */
const reachable = Object.values(networkInterfaces())
  .flat()
  .find((one) => one?.family === 'IPv4' && !one.internal)?.address;

describe.skipIf(!CHROMIUM)(title, () => {
  let system: TestSystem;
  let server: OverheardServer;
  let foreign: Server;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let violations: readonly string[];
  let subscriptions: number;

  beforeAll(async () => {
    foreign = createServer((_request, response) => {
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end('<!doctype html><title>Another site</title>');
    }).listen(0);
    [system, browser] = await Promise.all([startTestSystem({}, { worker: false }), openBrowser()]);
    const { changes } = system.app;
    const { subscribe } = changes;
    changes.subscribe = function (...args) {
      subscriptions++;
      return subscribe.apply(this, args);
    };
    server = await startOverheardServer(system, { host: '0.0.0.0', authMode: 'none' });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await system?.stop();
    foreign?.close();
  });
  beforeEach(async () => {
    subscriptions = 0;
    context = await browser.newContext();
    context.setDefaultTimeout(PAGE_STEP_MS);
    violations = violationsIn(context);
    page = await context.newPage();
  });
  afterEach(() => context.close());

  /** The server at the address of this machine alone, which browsers treat as secure, and at another one. */
  const addresses = [
    ['this machine', () => system.url],
    ...(reachable ? [['a network', () => server.url.replace('0.0.0.0', reachable)] as const] : []),
  ] as const;

  describe.each(addresses)('at an address of %s', (_where, urlOf) => {
    const streamUrl = () => `${urlOf()}/graphql?query=${encodeURIComponent(SUBSCRIPTION)}`;

    test.each(['img', 'script', 'iframe', 'fetch', 'eventsource'])(
      '[P-80] a page of another site holds no subscription open by %s',
      async (means) => {
        await page.goto(`http://localhost:${(foreign.address() as AddressInfo).port}/`);
        const answered = new Promise((resolve) => {
          page.on('requestfinished', resolve).on('requestfailed', resolve);
        });
        await page.evaluate(embed, { means, url: streamUrl() });
        await answered;
        expect(subscriptions).toBe(0);
      },
    );

    test('[P-80] a page of its own listens by an event source', async () => {
      await page.goto(`${urlOf()}/`);
      const answer = page.waitForResponse((response) => response.url() === streamUrl());
      await page.evaluate(embed, { means: 'eventsource', url: streamUrl() });
      expect((await answer).status()).toBe(200);
    });

    test.each(['/', '/graphql'])('the page %s runs no script but its own', async (path) => {
      await page.goto(urlOf() + path);
      expect(violations).toEqual([]);
      await page.evaluate(() => {
        const script = document.createElement('script');
        script.textContent = 'document.title = "injected"';
        document.body.append(script);
      });
      expect(await page.title()).toMatch(/^TaskFlow/);
      expect(violations).toHaveLength(1);
    });
  });
});

/** Has the page that it runs in ask for a URL. */
function embed({ means, url }: { means: string; url: string }): void {
  if (means === 'eventsource') new EventSource(url);
  else if (means === 'fetch')
    fetch(url, { mode: 'no-cors', headers: { accept: 'text/event-stream' } }).catch(() => {});
  else document.body.append(Object.assign(document.createElement(means), { src: url }));
}
