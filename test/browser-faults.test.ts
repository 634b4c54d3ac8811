import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page, Request } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { idAfter } from '../core/domain/ids.ts';
import { axeFaults } from './support/axe.ts';
import { CHROMIUM, Chat, openBrowser, PAGE_STEP_MS, violationsIn } from './support/browser.ts';
import { DIRECTIONS, MIXED, readDirections } from './support/directions.ts';
import { type Data, startTestSystem, type TestSystem } from './support/harness.ts';
import { rowIdOf } from './support/node-ids.ts';
import * as ask from './support/protocol-documents.ts';
import type { ScriptedRequest } from './support/scripted-model/scripted-request.ts';
import { countTransfer, FIRST_LOAD_BYTES } from './support/transfer.ts';

const title = CHROMIUM
  ? 'in Chromium'
  : 'NO CHROMIUM ON THIS MACHINE: the faults of the web client were NOT tested in a browser';

/** An answer with all that Markdown can say. */
const RICH = `# Heading one

Some **bold**, *italic*, ~~struck~~ and \`code\`, a [link](https://example.com) and a [bad one](javascript:alert(1)).[^1]

## Heading two

- [x] A task that is done
- [ ] A task to do
- A list with
  1. numbers
  2. in it

> A quotation.

| Configuration | Recommended value | Documentation | Compatibility | Responsibility |
|---|---|---|---|---|
| maximumConnections | two hundred fifty | explained elsewhere | backwards compatible | infrastructure |

\`\`\`typescript
const aLongLine = 'that goes on and on, far beyond what any telephone has room for, and has to scroll sideways'.repeat(2);
\`\`\`

---

![A picture](https://example.com/x.png) and a second note.[^second]

[^1]: The first note.
[^second]: The second note.
`;

describe.skipIf(!CHROMIUM)(title, () => {
  let dataDir: string;
  let system: TestSystem;
  let browser: Browser;
  let context: BrowserContext;
  let violations: readonly string[];

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'taskflow-browser-'));
    [system, browser] = await Promise.all([startTestSystem({ DATA_DIR: dataDir }), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    context.setDefaultTimeout(PAGE_STEP_MS);
    violations = violationsIn(context);
    // What a test before this one has left is not for this one.
    system.upstream.clearRequests();
  });
  afterEach(async () => {
    await context.close();
    expect(violations, 'the policy of the page allows what it does').toEqual([]);
  });

  test('a first visit transfers less than 200 KB until one can write', async () => {
    const page = await context.newPage();
    const transferred = await countTransfer(page);
    await page.goto(system.url);
    await new Chat(page).write('Hello');
    const bytes = transferred();
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(FIRST_LOAD_BYTES);
  });

  /** The model's request for the answer to a message; earlier ones may have been left. */
  async function requestFor(text: string): Promise<ScriptedRequest> {
    for (;;) {
      const request = await system.upstream.nextRequest();
      if (request.messages.at(-1)?.content === text) return request;
    }
  }

  /** A new conversation that began with `text`, and the model's request for the answer. */
  async function begin(text = 'Begin', options: { on?: BrowserContext } = {}) {
    const chat = await Chat.open(options.on ?? context, system.url);
    await chat.pace('INSTANT');
    await chat.write(text);
    await chat.page.getByTestId('send-button').click();
    const model = await requestFor(text);
    await chat.typing.waitFor();
    return { chat, model };
  }

  describe('the view', () => {
    /** A conversation whose answer is some screens long and goes on. */
    async function beginLong(on = context) {
      const { chat, model } = await begin('Begin', { on });
      await model.send(
        `\`\`\`\n${'some code\n'.repeat(60)}\`\`\`\n\n${'Words of a paragraph.\n\n'.repeat(60)}`,
      );
      await chat.hears('Words of a paragraph.');
      return { chat, model, view: new View(chat.page) };
    }

    const WAYS: [string, (view: View) => Promise<void>][] = [
      ['a wheel', (view) => view.wheel(-8, 36)],
      ['a finger', (view) => view.swipe(8, 36)],
      ['keys', (view) => view.press('ArrowUp', 6)],
    ];

    test.each([20, 60, 300].flatMap((rate) => WAYS.map(([name, way]) => [name, rate, way] as const)))(
      'leaves the end by %s while %i tokens a second are added, and stays where it was left',
      async (_name, rate, way) => {
        const touch = await browser.newContext({ viewport: { width: 900, height: 700 }, hasTouch: true });
        try {
          const { chat, model, view } = await beginLong(touch);
          const streaming = streamAt(rate, model, chat.page);
          await view.frames(20);
          expect(await view.distance()).toBeLessThan(2);
          const before = await view.top();
          await way(view);
          await view.frames(5);
          const left = await view.settled();
          expect(left).toBeLessThan(before - 20);
          await view.frames(40);
          expect(await view.top()).toBe(left);

          await chat.page.getByTestId('jump-to-latest').click();
          await view.frames(20);
          expect(await view.distance()).toBeLessThan(2);
          await streaming.stop();
        } finally {
          await touch.close();
        }
      },
    );

    test('leaves the end by one small turn of the wheel over a code block', async () => {
      const { chat, model, view } = await begin().then(async ({ chat, model }) => {
        await model.send(`${'Words.\n\n'.repeat(60)}\`\`\`\n${'some code\n'.repeat(60)}`);
        await chat.hears('some code');
        return { chat, model, view: new View(chat.page) };
      });
      const streaming = streamAt(60, model, chat.page, 'code\n');
      await view.wheel(-8, 1);
      const left = await view.settled();
      await view.frames(40);
      expect(await view.top()).toBe(left);
      await streaming.stop();
    });

    test('stands still while text is selected', async () => {
      const { chat, model, view } = await beginLong();
      const streaming = streamAt(60, model, chat.page);
      await view.select();
      const left = await view.settled();
      await view.frames(40);
      expect(await view.top()).toBe(left);
      expect(await view.distance()).toBeGreaterThan(2);
      await streaming.stop();
    });

    test('returns to the end by the End key, and by sending', async () => {
      const { chat, model, view } = await beginLong();
      await view.wheel(-200, 3);
      await chat.page.getByTestId('jump-to-latest').waitFor();
      // The last turn of the wheel may still move the view.
      await view.settled();
      await chat.page.getByTestId('composer-input').press('End');
      await view.reachesEnd();
      await view.wheel(-200, 3);
      await chat.page.getByTestId('jump-to-latest').waitFor();
      // The last turn of the wheel may still move the view.
      await view.settled();
      await chat.say('And ants?');
      await view.reachesEnd();
      await model.closed;
      const next = await system.upstream.nextRequest();
      await next.send(`${'More words.\n\n'.repeat(60)}`);
      await chat.hears('More words.');
      await view.reachesEnd();
      await next.finish();
    });

    test('is at the end when an answer ends after the reader moved up a little and came back', async () => {
      const { chat, model, view } = await beginLong();
      await view.wheel(-8, 1);
      const left = await view.settled();
      await model.finish();
      await chat.message('ASSISTANT', 'COMPLETED').waitFor();
      await view.frames(10);
      // What ends may be shorter than what was awaited, but is not shown at another place.
      expect(await view.top()).toBeLessThanOrEqual(left);
      await view.wheel(100, 4);
      await view.reachesEnd();
    });

    /** An open conversation with that many stored messages, at its end. */
    async function openStored(messages: number, text?: string) {
      const id = await storedConversation(messages, null, text);
      const chat = await Chat.open(context, `${system.url}/c/${encodeURIComponent(id)}`);
      await chat.page.getByTestId('message').last().waitFor();
      const view = new View(chat.page);
      await view.reachesEnd();
      return { chat, view };
    }

    /** Has the earlier messages loaded until there are none. */
    async function loadAll(chat: Chat): Promise<void> {
      const older = chat.page.getByTestId('load-older');
      while (await older.count()) {
        await chat.page.evaluate(() =>
          document.querySelector<HTMLElement>('[data-testid=load-older]:enabled')?.click(),
        );
      }
    }

    test('stays at what is read while older messages are loaded above it', async () => {
      const { chat, view } = await openStored(120);
      const held = await holdOlder(chat.page);
      await view.scrollTo(150);
      await held.request;
      await view.settled();
      const read = await view.firstInView();
      const track = await view.track(read.id);
      held.release();
      await chat.page.waitForFunction(
        ([id, position]) =>
          document.querySelector(`[data-message-id="${id}"]`)?.closest('li')?.ariaPosInSet !== position,
        [read.id, read.position] as const,
      );
      await view.frames(10);
      expect(await track()).toBeLessThanOrEqual(1);
      await loadAll(chat);
      await view.frames(10);
      expect(Math.abs((await view.placeOf(read.id)) - read.place)).toBeLessThanOrEqual(1);
    });

    test.each(Array.from({ length: 20 }, (_, n) => n))(
      'stays at what is read when the window gets another size %s',
      async () => {
        const { chat, view } = await openStored(120);
        await view.scrollTo(2_000);
        await view.settled();
        for (const [width, height] of [
          [700, 800],
          [390, 600],
          [1_280, 800],
        ] as const) {
          const read = await view.firstInView();
          await chat.page.setViewportSize({ width, height });
          await view.frames(10);
          const place = await view.placeOf(read.id);
          // The header may have another height on a phone.
          expect(Math.abs(place - read.place), `at a width of ${width}`).toBeLessThanOrEqual(1.5);
        }
        await chat.page.getByTestId('jump-to-latest').click();
        await view.reachesEnd();
        await chat.page.setViewportSize({ width: 390, height: 600 });
        await view.reachesEnd();
      },
    );

    test('stays at what is read when it gets another size, whichever message is cut', async () => {
      const { chat, view } = await openStored(120);
      for (let top = 2_000; top < 2_200; top += 9) {
        await view.scrollTo(top);
        await view.settled();
        const read = await view.firstInView();
        await view.resize(top % 2 ? 400 : 800);
        await view.frames(10);
        expect(Math.abs((await view.placeOf(read.id)) - read.place), `from ${top}`).toBeLessThanOrEqual(1.5);
      }
      await chat.page.close();
    });

    test('stays in the middle of a text that is higher than it when it gets another size', async () => {
      const { chat, view } = await openStored(1, 'These are some words of a long text. '.repeat(400));
      await view.scrollTo(1_500);
      await view.settled();
      const read = await view.firstCharacter();
      await view.resize(400);
      await view.frames(10);
      expect(Math.abs((await view.firstCharacter()) - read)).toBeLessThan(200);
      await chat.page.close();
    });

    test('does not move when an answer ends', async () => {
      const { chat, model, view } = await beginLong();
      await model.send('The last words.');
      await chat.hears('The last words.');
      await view.wheel(-300, 2);
      await view.settled();
      const read = await view.firstInView();
      const track = await view.track(read.id);
      await model.finish();
      await chat.message('ASSISTANT', 'COMPLETED').waitFor();
      await view.frames(20);
      expect(await track()).toBeLessThanOrEqual(1);
    });

    test('is at the end in every frame in which an answer ends, in the elements in which it was spoken', async () => {
      const { chat, model, view } = await beginLong();
      const spoken = await chat.answer.elementHandle();
      const furthest = await view.trackEnd();
      await model.finish();
      await chat.message('ASSISTANT', 'COMPLETED').waitFor();
      await view.frames(20);
      expect(await furthest()).toBeLessThanOrEqual(1);
      expect(await spoken?.evaluate((it) => it.isConnected)).toBe(true);
    });

    test('has few of a thousand messages in the document, and every one where it is scrolled to', async () => {
      const { chat, view } = await openStored(1_000);
      await loadAll(chat);
      const rows = chat.page.getByTestId('message');
      for (const [top, text] of [
        [0, 'Message 0'],
        [60_000, null],
        [1_000_000, 'Message 999'],
      ] as const) {
        await view.scrollTo(top);
        await view.settled();
        const { position } = await view.firstInView();
        expect(Number(position)).toBeGreaterThan(0);
        expect(await rows.count()).toBeLessThan(70);
        if (text) await rows.filter({ hasText: text }).first().waitFor();
      }
      const row = chat.page.locator('li[aria-posinset="1000"]');
      // The answer that the last one waits for is a row as well.
      expect(await row.getAttribute('aria-setsize')).toBe('1001');
      await chat.write('typing goes on');
      expect(await chat.page.getByTestId('composer-input').inputValue()).toBe('typing goes on');
    });

    test('keeps what is being edited, and what is selected, while it is far out of view', async () => {
      const { chat, view } = await openStored(120);
      await loadAll(chat);
      await chat.page.getByTestId('edit-message').last().click();
      await chat.page.getByTestId('edit-input').fill('Worded differently');
      await chat.page.getByTestId('composer-input').click();
      await view.scrollTo(0);
      await view.settled();
      expect(await chat.page.getByTestId('message').count()).toBeLessThan(70);
      await chat.page.evaluate(() => {
        const row = document.querySelector('li[aria-posinset="2"] p');
        if (row) document.getSelection()?.selectAllChildren(row);
      });
      await view.scrollTo(1_000_000);
      await view.settled();
      expect(await chat.page.getByTestId('edit-input').inputValue()).toBe('Worded differently');
      expect(await chat.page.evaluate(() => String(document.getSelection()))).toContain('Message 1');
    });
  });

  /** A conversation with two answers that have all that Markdown can say. */
  async function beginRich(): Promise<Chat> {
    const { chat, model } = await begin();
    await model.send(RICH);
    await model.finish();
    await chat.message('ASSISTANT', 'COMPLETED').waitFor();
    await chat.say('Again');
    const next = await system.upstream.nextRequest();
    await next.send(RICH);
    await next.finish();
    await chat.message('ASSISTANT', 'COMPLETED').nth(1).waitFor();
    return chat;
  }

  describe('Markdown', () => {
    test('has no id twice on a page, and its footnotes lead to places that exist', async () => {
      const chat = await beginRich();
      const { ids, dead } = await chat.page.evaluate(() => ({
        ids: [...document.querySelectorAll('[id]')].map(({ id }) => id),
        dead: [...document.querySelectorAll<HTMLAnchorElement>('a[href^="#"]')]
          .map((link) => link.getAttribute('href')?.slice(1) ?? '')
          .filter((id) => document.getElementById(id) === null),
      }));
      expect(ids.length).toBeGreaterThan(6);
      expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
      expect(dead).toEqual([]);
    });

    test.each(['light', 'dark'] as const)(
      'passes the rules of axe, with the page around it (%s)',
      async (colorScheme) => {
        const chat = await beginRich();
        for (const width of [1_280, 390]) {
          await chat.page.emulateMedia({ colorScheme });
          await chat.page.setViewportSize({ width, height: 900 });
          expect(await axeFaults(chat.page)).toEqual([]);
        }
      },
    );

    test('does not make the page itself scroll, beside the thread', async () => {
      const chat = await beginRich();
      expect(await chat.page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight)).toBe(
        0,
      );
    });

    test('keeps the words of a table whole on a phone, which scrolls it', async () => {
      const chat = await beginRich();
      await chat.page.setViewportSize({ width: 390, height: 844 });
      const tables = await chat.page.locator('.table-scroll').evaluateAll((boxes) =>
        boxes.map((box) => ({
          scrolls: box.scrollWidth > box.clientWidth,
          lines: [...box.querySelectorAll('th')].map((cell) =>
            Math.round(cell.getBoundingClientRect().height / 24),
          ),
        })),
      );
      expect(tables).toHaveLength(2);
      for (const { scrolls, lines } of tables) {
        expect(scrolls).toBe(true);
        // Two words have two lines at most, and the padding.
        expect(Math.max(...lines)).toBeLessThanOrEqual(3);
      }
      const page = await chat.page.evaluate(() => document.documentElement.scrollWidth);
      expect(page).toBe(390);
    });
  });

  describe('the focus', () => {
    const focused = (chat: Chat) =>
      chat.page.evaluate(() => {
        const { activeElement } = document;
        const item = activeElement?.closest<HTMLElement>('[data-conversation-id]');
        if (item) return `${activeElement?.className} of ${item.textContent}`;
        return (activeElement as HTMLElement | null)?.dataset.testid ?? activeElement?.tagName ?? '';
      });
    const becomes = (chat: Chat, expected: RegExp) =>
      expect.poll(() => focused(chat), { timeout: 10_000 }).toMatch(expected);
    const press = async (chat: Chat, testId: string) => {
      await chat.page.getByTestId(testId).first().focus();
      await chat.page.keyboard.press('Enter');
    };
    const COMPOSER = /^composer-input$/;

    test('is in the composer after an answer was shown at once, stopped, and asked for again', async () => {
      const { chat, model } = await begin();
      await press(chat, 'stop-button');
      await model.closed;
      await chat.stopButton.waitFor({ state: 'detached' });
      await becomes(chat, COMPOSER);
      await press(chat, 'answer-again');
      const next = await system.upstream.nextRequest();
      await chat.unanswered.waitFor({ state: 'detached' });
      await becomes(chat, COMPOSER);
      await chat.page.getByTestId('pacing-picker').selectOption('HUMAN');
      await next.send(`${'Words and words. '.repeat(30)}`);
      await press(chat, 'show-rest');
      await next.finish();
      await chat.message('ASSISTANT', 'COMPLETED').waitFor();
      await becomes(chat, COMPOSER);
    });

    test('is in the composer after the end was returned to, the conversation was ended, and gone on with', async () => {
      const { chat, model } = await begin();
      await model.send('Words.\n\n'.repeat(60));
      await chat.hears('Words.');
      const view = new View(chat.page);
      await view.wheel(-200, 3);
      await press(chat, 'jump-to-latest');
      await becomes(chat, COMPOSER);
      await model.finish();
      await chat.message('ASSISTANT', 'COMPLETED').waitFor();
      await press(chat, 'end-conversation');
      await chat.page.getByTestId('conversation-ended').waitFor();
      await becomes(chat, COMPOSER);
      await press(chat, 'go-on');
      await becomes(chat, COMPOSER);
    });

    test('is in the composer after a message that failed was discarded', async () => {
      const { chat, model } = await begin();
      await model.finish();
      await chat.page.route('**/graphql', (route) =>
        route.request().postData()?.includes('SendMessage')
          ? route.fulfill({ json: { errors: [{ message: 'No', extensions: { code: 'BAD_USER_INPUT' } }] } })
          : route.continue(),
      );
      await chat.say('Lost');
      await chat.page.getByRole('button', { name: 'Discard' }).focus();
      await chat.page.keyboard.press('Enter');
      await becomes(chat, COMPOSER);
    });

    test('is on the conversation that was renamed, on the button by which none was deleted, and on the next after one was', async () => {
      const titles = ['Delta', 'Gamma', 'Beta', 'Alpha'];
      let isMoved = false;
      for (const title of titles.toReversed()) await storedConversation(1, title);
      const chat = await Chat.open(context, system.url);
      const item = (title: string) => chat.sidebar.filter({ hasText: title });
      await item('Gamma').waitFor();
      for (const key of ['Enter', 'Escape']) {
        await item('Gamma').getByTestId('rename-conversation').focus();
        await chat.page.keyboard.press('Enter');
        await chat.page.getByTestId('rename-input').press(key);
        await becomes(chat, /^item-link of Gamma/);
      }
      await item('Gamma').getByTestId('delete-conversation').focus();
      await chat.page.keyboard.press('Enter');
      await chat.page.keyboard.press('Escape');
      await becomes(chat, /^icon-button of Gamma/);
      await item('Gamma').getByTestId('delete-conversation').click();
      await chat.page.route('**/graphql', async (route) => {
        if (route.request().postData()?.includes('DeleteConversation') && !isMoved) {
          isMoved = true;
          // Meanwhile another one comes to the top of the list.
          await system.request(ask.CREATE, { input: { greet: false } });
          await chat.sidebar.first().filter({ hasText: 'New conversation' }).waitFor();
        }
        await route.continue();
      });
      await chat.page.getByTestId('confirm-delete').click();
      await item('Gamma').waitFor({ state: 'detached' });
      await becomes(chat, /^item-link of Beta/);
      await item('Beta').getByRole('link').click();
      await item('Beta').getByTestId('delete-conversation').click();
      await chat.page.getByTestId('confirm-delete').click();
      await chat.page.getByTestId('example-prompt').first().waitFor();
      await becomes(chat, COMPOSER);
    });

    test('is on the button, or in the composer, after earlier messages were loaded', async () => {
      const id = await storedConversation(120);
      const chat = await Chat.open(context, `${system.url}/c/${encodeURIComponent(id)}`);
      await press(chat, 'load-older');
      // There are 50 above those of the first page.
      await chat.page.locator('li[aria-posinset="100"]').waitFor();
      await becomes(chat, /^(?:load-older|composer-input)$/);
    });
  });

  test('a conversation that is opened by another spelling of its id is deleted without an error', async () => {
    const id = await storedConversation(1, 'Spelt');
    const [type = '', uuid = ''] = id.split('_');
    const spellings = [`${type}%5F${uuid}`, `${type}_${uuid}/`, `%43${type.slice(1)}%5F${uuid}/`];
    for (const spelling of spellings) {
      const chat = await Chat.open(context, `${system.url}/c/${spelling}`);
      await chat.page.getByTestId('thread-title').filter({ hasText: 'Spelt' }).waitFor();
      await chat.page.locator('[data-current=true]').filter({ hasText: 'Spelt' }).waitFor();
      await chat.page.close();
    }
    const chat = await Chat.open(context, `${system.url}/c/${spellings[2]}`);
    await chat.page.locator('[data-current=true]').getByTestId('delete-conversation').click();
    await chat.page.getByTestId('confirm-delete').click();
    await chat.page.getByTestId('example-prompt').first().waitFor();
    expect(new URL(chat.page.url()).pathname).toBe('/');
  });

  test('a title may have 200 characters, whatever they are', async () => {
    const id = await storedConversation(1, 'Short');
    const chat = await Chat.open(context, `${system.url}/c/${encodeURIComponent(id)}`);
    await chat.page.locator('[data-current=true]').getByTestId('rename-conversation').click();
    await chat.page.getByTestId('rename-input').fill('\u{1F600}'.repeat(201));
    await chat.page.keyboard.press('Enter');
    await chat.page
      .getByTestId('thread-title')
      .filter({ hasText: '\u{1F600}'.repeat(200) })
      .waitFor();
    const row = await system.app.database.prisma.conversation.findUniqueOrThrow({
      where: { id: rowIdOf(id) },
    });
    expect([...(row.title ?? '')]).toHaveLength(200);
  });

  test('a conversation in which nothing was said says so', async () => {
    const id = await storedConversation(0);
    const chat = await Chat.open(context, `${system.url}/c/${encodeURIComponent(id)}`);
    await chat.page.getByTestId('empty-conversation').waitFor();
    await chat.say('Hello');
    await system.upstream.nextRequest();
    await chat.page.getByTestId('empty-conversation').waitFor({ state: 'detached' });
  });

  test('there is one note below a conversation that was ended without an answer', async () => {
    const { chat, model } = await begin();
    await chat.stopButton.click();
    await model.closed;
    await chat.unanswered.waitFor();
    await chat.page.getByTestId('end-conversation').click();
    await chat.page.locator('header').getByTestId('conversation-status').waitFor();
    await chat.unanswered.waitFor();
    expect(await chat.page.locator('.thread-content .note').count()).toBe(1);
  });

  test('a page without a connection says what becomes of what is sent, and how much waits', async () => {
    const { chat, model } = await begin();
    await model.send('Yes.');
    await model.finish();
    await chat.message('ASSISTANT', 'COMPLETED').waitFor();
    const strip = chat.page.getByTestId('offline-strip');
    expect(await strip.textContent()).toBe('');
    await context.setOffline(true);
    await strip.filter({ hasText: 'goes out when the line is back' }).waitFor();
    await chat.say('One');
    await strip.filter({ hasText: 'One message waits.' }).waitFor();
    await chat.say('Two');
    await strip.filter({ hasText: '2 messages wait.' }).waitFor();
    await context.setOffline(false);
    await strip.filter({ hasText: /^$/ }).waitFor({ state: 'attached' });
    await chat.message('USER', 'COMPLETED').filter({ hasText: 'Two' }).waitFor();
  });

  test('words run in their own direction: messages, answers, the title, the preview and what is being written', async () => {
    const { chat, model } = await begin(MIXED.question);
    await model.send(MIXED.answer);
    await model.finish();
    await chat.message('ASSISTANT', 'COMPLETED').waitFor();
    await chat.page.getByTestId('composer-input').fill(MIXED.draft);
    const directions = await readDirections((look, parts) => chat.page.evaluate(look, parts), {
      listed: '.item-title',
      preview: '.item-preview',
    });
    expect(directions).toMatchObject(DIRECTIONS);
    expect(directions.listed[0]).toBe('rtl');
    expect(directions.preview[0]).toBe('rtl');
  });

  test('a page from right to left has all of its parts in view, on the other side', async () => {
    const { chat, model } = await begin();
    await model.send(RICH);
    await model.finish();
    await chat.message('ASSISTANT', 'COMPLETED').waitFor();
    await chat.page.evaluate(() => {
      document.documentElement.dir = 'rtl';
    });
    const side = await chat.page.locator('.layout-side').boundingBox();
    expect(Math.round((side?.x ?? 0) + (side?.width ?? 0))).toBe(1_280);
    await chat.page.setViewportSize({ width: 390, height: 844 });
    expect(await chat.page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await chat.page.getByTestId('menu-button').click();
    await expect
      .poll(async () => {
        const drawer = await chat.page.locator('.layout-side').boundingBox();
        return Math.round((drawer?.x ?? 0) + (drawer?.width ?? 0));
      })
      .toBe(390);
  });

  test('lines of Chinese and Japanese break inside, and none begins with a mark that ends a sentence', async () => {
    await context.close();
    context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    const { chat, model } = await begin('你好');
    await model.send(
      `${'蜜蜂跳舞。太陽！'.repeat(40)}\n\n${'ミツバチはダンスをする。「そうです」'.repeat(20)}`,
    );
    await model.finish();
    await chat.message('ASSISTANT', 'COMPLETED').waitFor();
    const lines = await chat.page.locator('.markdown > p').evaluateAll((paragraphs) =>
      paragraphs.flatMap((paragraph) => {
        const node = paragraph.firstChild as Text;
        const range = document.createRange();
        const firsts: string[] = [];
        let top = Number.NaN;
        for (let at = 0; at < node.length; at++) {
          range.setStart(node, at);
          range.setEnd(node, at + 1);
          const box = range.getBoundingClientRect();
          if (box.top !== top) firsts.push(node.data.charAt(at));
          top = box.top;
        }
        return firsts;
      }),
    );
    expect(lines.length).toBeGreaterThan(20);
    expect(lines.filter((first) => '。！」、'.includes(first))).toEqual([]);
    expect(await chat.page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });

  test('a draft is there in another tab and after a restart of the browser, until it is sent', async () => {
    const { chat, model } = await begin();
    await model.finish();
    await chat.write('Half a thought');
    const url = chat.page.url();
    const other = await Chat.open(context, url);
    const input = (of: Chat) => of.page.getByTestId('composer-input');
    await expect.poll(() => input(other).inputValue()).toBe('Half a thought');
    const restarted = await browser.newContext({ storageState: await context.storageState() });
    try {
      const again = await Chat.open(restarted, url);
      await expect.poll(() => input(again).inputValue()).toBe('Half a thought');
      await again.page.keyboard.press('Enter');
      await again.message('USER', 'COMPLETED').filter({ hasText: 'Half a thought' }).waitFor();
      await again.page.reload();
      await again.message('USER', 'COMPLETED').filter({ hasText: 'Half a thought' }).waitFor();
      expect(await input(again).inputValue()).toBe('');
    } finally {
      await restarted.close();
    }
  });

  /** A conversation with that many stored messages of a few lines. */
  async function storedConversation(
    messages: number,
    title: string | null = null,
    text?: string,
  ): Promise<string> {
    const { data } = await system.request(
      'mutation { createConversation(input: { greet: false, pacing: INSTANT }) { ... on CreateConversationSuccess { conversation { id } } } }',
    );
    const { id } = (data as Data).createConversation.conversation;
    const conversationId = rowIdOf(id);
    const { prisma } = system.app.database;
    await prisma.conversation.update({ where: { id: conversationId }, data: { title } });
    let messageId: string | null = null;
    const nextId = () => {
      messageId = idAfter(messageId);
      return messageId;
    };
    await prisma.message.createMany({
      data: Array.from({ length: messages }, (_, n) => ({
        ...{ id: nextId(), conversationId, role: 'USER' as const, status: 'COMPLETED' as const },
        content: text ?? `Message ${n}\nof\nsome lines${', that go on and on'.repeat(n % 7)}`,
      })),
    });
    return id;
  }
});

/** Sends tokens at about this rate, in step with the frames of the page, until it is stopped. */
function streamAt(
  rate: number,
  model: ScriptedRequest,
  page: Page,
  token = 'word ',
): { stop(): Promise<void> } {
  let isOver = false;
  const perFrame = rate / 60;
  const running = (async () => {
    let due = 0;
    for (let n = 0; !isOver; n++) {
      for (due += perFrame; due >= 1; due -= 1) await model.send(n % 20 === 19 ? '\n\n' : token);
      await page.evaluate(() => new Promise(requestAnimationFrame));
    }
  })();
  return {
    async stop() {
      isOver = true;
      await running;
    },
  };
}

/** The scrolling part of a thread. */
class View {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  top(): Promise<number> {
    return this.#scroller.evaluate((it) => it.scrollTop);
  }

  /** How far the end is below what is seen, in pixels. */
  distance(): Promise<number> {
    return this.#scroller.evaluate((it) => it.scrollHeight - it.scrollTop - it.clientHeight);
  }

  frames(count: number): Promise<void> {
    return this.#page.evaluate(async (left) => {
      for (let n = 0; n < left; n++) await new Promise(requestAnimationFrame);
    }, count);
  }

  /** Where it is when it has not moved for ten frames. */
  settled(): Promise<number> {
    return this.#scroller.evaluate(async (it) => {
      let top = Number.NaN;
      for (let n = 0, still = 0; still < 10; n++) {
        still = it.scrollTop === top ? still + 1 : 0;
        top = it.scrollTop;
        if (n > 300) throw new Error('the view does not stand still');
        await new Promise(requestAnimationFrame);
      }
      return top;
    });
  }

  async reachesEnd(): Promise<void> {
    await expect.poll(() => this.distance()).toBeLessThan(2);
  }

  /** Lets go of the end as a reader does, which a scroll of the page's own does not. */
  async scrollTo(top: number): Promise<void> {
    await this.wheel(-8, 1);
    await this.settled();
    await this.#scroller.evaluate((it, to) => it.scrollTo(0, to), top);
  }

  /** Gives it another width, and has it notice a scroll before it notices that. */
  async resize(width: number): Promise<void> {
    await this.#scroller.evaluate((it, to) => {
      it.style.width = `${to}px`;
      // Only what captures gets this one, such as the scroll of a table.
      it.firstElementChild?.dispatchEvent(new Event('scroll'));
    }, width);
  }

  /** Which character of its text is first in view. */
  firstCharacter(): Promise<number> {
    return this.#scroller.evaluate((it) => {
      const { top, left, width } = it.getBoundingClientRect();
      const caret = document.caretRangeFromPoint(left + width / 2, top + 5);
      if (!caret) throw new Error('no text is in view');
      return caret.startOffset;
    });
  }

  /** Turns the wheel over the middle. */
  async wheel(delta: number, times: number): Promise<void> {
    const { x, y } = await this.#middle();
    await this.#page.mouse.move(x, y);
    for (let n = 0; n < times; n++) await this.#page.mouse.wheel(0, delta);
  }

  /** Moves a finger down over it. */
  async swipe(step: number, times: number): Promise<void> {
    const { x, y } = await this.#middle();
    const session = await this.#page.context().newCDPSession(this.#page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', at?: number) =>
      session.send('Input.dispatchTouchEvent', { type, touchPoints: at === undefined ? [] : [{ x, y: at }] });
    await touch('touchStart', y - 200);
    for (let n = 1; n <= times; n++) await touch('touchMove', y - 200 + n * step);
    await touch('touchEnd');
  }

  /** Presses a key with the focus in it. */
  async press(key: string, times: number): Promise<void> {
    const { x, y } = await this.#middle();
    await this.#page.mouse.click(x, y);
    for (let n = 0; n < times; n++) await this.#page.keyboard.press(key);
  }

  /** Holds the mouse button, and moves over some lines. */
  async select(): Promise<void> {
    const { x, y } = await this.#middle();
    await this.#page.mouse.move(x - 100, y);
    await this.#page.mouse.down();
    await this.#page.mouse.move(x, y - 60, { steps: 5 });
  }

  /** The first message whose text begins in view; where none does, the one that fills it. */
  firstInView(): Promise<{ id: string; place: number; position: string | null }> {
    return this.#scroller.evaluate((it) => {
      const { top } = it.getBoundingClientRect();
      const rows = [...it.querySelectorAll<HTMLElement>('[data-message-id]')];
      const row =
        rows.find((row) => (row.querySelector('p') ?? row).getBoundingClientRect().top >= top) ?? rows.at(-1);
      if (!row) throw new Error('no message is in view');
      const position = row.closest('li')?.ariaPosInSet ?? null;
      return { id: row.dataset.messageId ?? '', place: row.getBoundingClientRect().top - top, position };
    });
  }

  /** In each frame from now on, how far a message is from where it is now. The returned function returns the most, in pixels. */
  async track(messageId: string): Promise<() => Promise<number>> {
    const tracker = await this.#scroller.evaluateHandle((it, id) => {
      const row = () => it.querySelector(`[data-message-id="${CSS.escape(id)}"]`);
      const place = () =>
        (row()?.getBoundingClientRect().top ?? Number.POSITIVE_INFINITY) - it.getBoundingClientRect().top;
      const was = place();
      const tracked = { most: 0 };
      const look = () => {
        tracked.most = Math.max(tracked.most, Math.abs(place() - was));
        requestAnimationFrame(look);
      };
      look();
      return tracked;
    }, messageId);
    return () => tracker.evaluate((it) => it.most);
  }

  /** In each frame from now on, how far the end is below what is seen. The returned function returns the most, in pixels. */
  async trackEnd(): Promise<() => Promise<number>> {
    const tracker = await this.#scroller.evaluateHandle((it) => {
      const tracked = { most: 0 };
      const look = () => {
        tracked.most = Math.max(tracked.most, it.scrollHeight - it.scrollTop - it.clientHeight);
        requestAnimationFrame(look);
      };
      look();
      return tracked;
    });
    return () => tracker.evaluate((it) => it.most);
  }

  /** How far a message is below the upper edge, in pixels. */
  placeOf(messageId: string): Promise<number> {
    return this.#scroller.evaluate(
      (it, id) =>
        (it.querySelector(`[data-message-id="${CSS.escape(id)}"]`)?.getBoundingClientRect().top ??
          Number.NaN) - it.getBoundingClientRect().top,
      messageId,
    );
  }

  get #scroller() {
    return this.#page.getByTestId('thread-scroll');
  }

  async #box() {
    const box = await this.#scroller.boundingBox();
    if (!box) throw new Error('the thread is not shown');
    return box;
  }

  async #middle(): Promise<{ x: number; y: number }> {
    const { x, y, width, height } = await this.#box();
    return { x: x + width / 2, y: y + height / 2 };
  }
}

/** Holds the next request for earlier messages until it is released. */
async function holdOlder(page: Page): Promise<{ request: Promise<Request>; release(): void }> {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const isOlder = (request: Request) =>
    request.postData()?.includes('"operationName":"OlderMessages"') === true;
  const request = page.waitForRequest(isOlder);
  await page.route('**/graphql', async (route) => {
    if (isOlder(route.request())) await released;
    await route.fallback();
  });
  return { request, release };
}
