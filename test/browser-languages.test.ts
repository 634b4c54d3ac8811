import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { axeFaults } from './support/axe.ts';
import { CHROMIUM, Chat, openBrowser, PAGE_STEP_MS, violationsIn } from './support/browser.ts';
import { startTestSystem, type TestSystem } from './support/harness.ts';
import { countTransfer, FIRST_LOAD_BYTES } from './support/transfer.ts';

const title = CHROMIUM
  ? 'in Chromium'
  : 'NO CHROMIUM ON THIS MACHINE: the languages of the web client were NOT tested in a browser';

const DESKTOP = { width: 1_280, height: 800 };
const PHONE = { width: 390, height: 800 };

describe.skipIf(!CHROMIUM)(title, () => {
  let system: TestSystem;
  let browser: Browser;
  let context: BrowserContext;
  let violations: readonly string[];

  beforeAll(async () => {
    [system, browser] = await Promise.all([startTestSystem(), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });
  afterEach(async () => {
    await context.close();
    expect(violations, 'the policy of the page allows what it does').toEqual([]);
  });

  /** A browser whose user reads this language first. */
  async function browserIn(locale: string): Promise<BrowserContext> {
    context = await browser.newContext({ locale, viewport: DESKTOP });
    context.setDefaultTimeout(PAGE_STEP_MS);
    violations = violationsIn(context);
    return context;
  }

  /** Sends a message, and has it answered. */
  async function talk(chat: Chat, text: string, answer: string): Promise<void> {
    await chat.say(text);
    const model = await system.upstream.nextRequest();
    await model.send(answer);
    await model.finish();
    await chat.message('ASSISTANT', 'COMPLETED').last().waitFor();
  }

  test('a page in Arabic runs from right to left, and is that from its first paint', async () => {
    const page = await (await browserIn('ar-EG')).newPage();
    const chat = new Chat(page);
    const transferred = await countTransfer(page);
    const flashes = await recordFlashes(page);
    await page.goto(system.url);
    await chat.write('كيف حالك؟');
    expect(transferred()).toBeLessThan(FIRST_LOAD_BYTES);
    await page.keyboard.press('Control+A');
    await chat.pace('INSTANT');
    await talk(chat, 'كيف يرقص النحل؟', 'يرقص النحل هكذا: `dance()`.\n\n```js\ndance();\n```\n');
    expect(await flashes()).toEqual([]);

    const html = page.locator('html');
    expect([await html.getAttribute('lang'), await html.getAttribute('dir')]).toEqual(['ar', 'rtl']);
    expect(await chat.sidebar.first().textContent()).toContain('رسالتان');
    expect(await page.getByTestId('timestamp').first().textContent()).toMatch(/[٠-٩]+:[٠-٩]+/);
    const [sidebar, thread] = [await boxOf(page.locator('nav')), await boxOf(page.locator('main'))];
    expect(sidebar.left).toBeGreaterThanOrEqual(thread.right - 1);
    // What the user says is at the end of the line, the button that sends as well.
    const [said, answered] = [
      await boxOf(page.locator('[data-role=USER] .entry-body')),
      await boxOf(page.locator('[data-role=ASSISTANT] .entry-body')),
    ];
    expect(said.left).toBe(answered.left);
    expect(said.right).toBeLessThan(answered.right);
    expect((await boxOf(page.getByTestId('send-button'))).left).toBeLessThan(
      (await boxOf(page.getByTestId('model-picker'))).left,
    );
    for (const code of ['.code-block', ':not(pre) > code'])
      expect(await page.locator(code).evaluate((it) => getComputedStyle(it).direction)).toBe('ltr');
    // A title of another direction begins on the side of the page.
    const heading = page.getByTestId('thread-title');
    await heading.evaluate((it) => {
      it.textContent = 'English';
    });
    expect(await heading.evaluate((it) => getComputedStyle(it).textAlign)).toMatch(/right$/);
    // An empty field begins on the side of the page.
    expect(await page.getByTestId('composer-input').evaluate((it) => getComputedStyle(it).direction)).toBe(
      'rtl',
    );

    for (const viewport of [DESKTOP, PHONE]) {
      await page.setViewportSize(viewport);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(viewport.width);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        expect(await axeFaults(page)).toEqual([]);
      }
    }
    expect(await mirrored(page.getByTestId('menu-button').locator('svg'))).toBe(true);
    await page.getByTestId('menu-button').click();
    const drawer = await boxOf(page.locator('.layout-side'));
    expect([drawer.right, drawer.left > 0]).toEqual([PHONE.width, true]);
  });

  test('another language is chosen without a reload; the conversation, its answer and the draft stay as they are', async () => {
    const chat = await Chat.open(await browserIn('en-GB'), system.url);
    const { page } = chat;
    await chat.pace('INSTANT');
    await talk(chat, 'How do bees talk?', 'They dance.');
    await chat.say('And ants?');
    const model = await system.upstream.nextRequest();
    await model.send('By ');
    await chat.hears('By');
    await chat.write('And wasps');
    const answer = await chat.message('ASSISTANT', 'COMPLETED').elementHandle();
    const choose = async (choice: string) => {
      await page.getByTestId('language-button').click();
      await page.getByTestId(`language-${choice}`).click();
    };

    await choose('ar');
    await page.getByText('محادثة جديدة').waitFor();
    expect(await page.locator('html').getAttribute('dir')).toBe('rtl');
    expect(await answer?.evaluate((it) => it.isConnected)).toBe(true);
    expect(await page.getByTestId('composer-input').inputValue()).toBe('And wasps');
    expect(await page.getByTestId('send-button').getAttribute('aria-label')).toBe('إرسال');
    await model.send('smell.');
    await model.finish();
    await chat.message('ASSISTANT', 'COMPLETED').nth(1).waitFor();
    expect((await chat.messages()).map(({ text }) => text.trim())).toEqual([
      'How do bees talk?',
      'They dance.',
      'And ants?',
      'By smell.',
    ]);

    await page.reload();
    await page.getByText('محادثة جديدة').waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('ar');
    await choose('system');
    await page.getByText('New conversation', { exact: true }).first().waitFor();
    expect(await page.locator('html').getAttribute('dir')).toBe('ltr');
  });
});

/** Records, from before the page is parsed, directions other than right to left and words in English. */
async function recordFlashes(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const flashes: string[] = [];
    Object.assign(window, { flashes });
    new MutationObserver(() => {
      // Before the body nothing is painted.
      if (!document.body) return;
      const { dir } = document.documentElement;
      if (dir !== 'rtl') flashes.push(`dir=${dir}`);
      const text = document.body.textContent;
      if (/conversation|Connecting/.test(text)) flashes.push(text);
    }).observe(document, { subtree: true, childList: true, attributes: true });
  });
  return () => page.evaluate(() => (window as unknown as { flashes: string[] }).flashes);
}

async function boxOf(locator: Locator): Promise<{ left: number; right: number }> {
  return locator.first().evaluate((element) => {
    const { left, right } = element.getBoundingClientRect();
    return { left: Math.round(left), right: Math.round(right) };
  });
}

function mirrored(locator: Locator): Promise<boolean> {
  return locator.evaluate((it) => new DOMMatrix(getComputedStyle(it).transform).a === -1);
}
