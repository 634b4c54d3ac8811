import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page, Request } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { idAfter } from '../core/domain/ids.ts';
import { CHROMIUM, Chat, openBrowser, PAGE_STEP_MS, violationsIn } from './support/browser.ts';
import { startCuttableProxy } from './support/cuttable-proxy.ts';
import { type Data, startTestSystem, type TestSystem } from './support/harness.ts';
import { rowIdOf } from './support/node-ids.ts';
import type { ScriptedRequest } from './support/scripted-model/scripted-request.ts';

const title = CHROMIUM
  ? 'in Chromium'
  : 'NO CHROMIUM ON THIS MACHINE: the web client was NOT tested in a browser';

/** What the model says all at once; at a human pace it takes about five seconds. */
const SPEECH =
  'Bees show each other where the flowers are by dancing. The angle of the dance is the angle to the sun.';

/** How many answers one test cuts in on; CUT_INS sets another number, at most 49. */
const CUT_INS = Number(process.env.CUT_INS ?? 6);

/** Says 0, 1, 2 and so on, two for each frame of the page, until it is cut off. */
async function sayNumbers(model: ScriptedRequest, page: Page): Promise<void> {
  for (let n = 0; await model.send(`${n} ${n + 1} `); n += 2)
    await page.evaluate(() => new Promise(requestAnimationFrame));
}

// A browser beside other suites on two cores is slow; the tests assert on results, not on time.
describe.skipIf(!CHROMIUM)(title, () => {
  let dataDir: string;
  let system: TestSystem;
  let browser: Browser;
  let context: BrowserContext;
  let violations: readonly string[];

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'taskflow-browser-'));
    [system, browser] = await Promise.all([
      startTestSystem({ DATA_DIR: dataDir, TYPING_NUDGE_MS: '800' }),
      openBrowser(),
    ]);
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

  /** A new conversation that began with `text`, and the model's request for the answer. */
  async function begin(text: string, pacing: 'HUMAN' | 'READING' | 'INSTANT' = 'INSTANT', url = system.url) {
    const chat = await Chat.open(context, url);
    await chat.pace(pacing);
    await chat.say(text);
    const request = await system.upstream.nextRequest();
    await chat.typing.waitFor();
    return { chat, request };
  }

  /** The stored messages, as soon as there are `count`. */
  async function stored(conversationId: string, count: number): Promise<Data[]> {
    return soon(async () => {
      const { data } = await system.request(MESSAGES, { id: conversationId });
      const { nodes } = data.conversation.messages;
      expect(nodes).toHaveLength(count);
      return nodes;
    });
  }

  /** The page shows what is stored: the same messages, in order, each once. */
  async function expectPageToBeAsStored(chat: Chat, count: number): Promise<void> {
    const shown = (await stored(chat.conversationId, count)).map(({ id, role, status, content }) => ({
      id,
      role,
      status,
      // A blank at the end is heard, but Markdown does not show it.
      text: content.trimEnd(),
    }));
    await soon(async () =>
      expect((await chat.messages()).map(({ at: _, ...message }) => message)).toEqual(shown),
    );
  }

  /** As if its message had been accepted and its turn could not begin yet. */
  async function makePending(conversationId: string): Promise<void> {
    const { prisma } = system.app.database;
    const id = rowIdOf(conversationId);
    const { lastTurnId } = await prisma.conversation.findUniqueOrThrow({ where: { id } });
    const turnId = idAfter(lastTurnId);
    await prisma.$transaction([
      prisma.message.updateMany({ where: { conversationId: id, role: 'USER' }, data: { turnId } }),
      prisma.conversation.update({
        where: { id },
        data: { lastTurnId: turnId, pendingTurnId: turnId, pendingTurnCause: 'REGENERATION' },
      }),
    ]);
  }

  test('a message is answered token by token, at a human pace, and is shown once', async () => {
    const { chat, request } = await begin('How do bees talk?', 'HUMAN');
    const [asked, awaited] = await chat.messages();
    expect(asked).toMatchObject({ role: 'USER', text: 'How do bees talk?' });
    expect(awaited).toMatchObject({ role: 'ASSISTANT', status: 'THINKING', text: '' });
    const growth = await chat.recordGrowth();
    await request.send(SPEECH);
    await request.finish();
    await chat.message('ASSISTANT', 'COMPLETED').waitFor();

    const lengths = await growth();
    expect(lengths).toEqual(lengths.toSorted((a, b) => a - b));
    expect(lengths.length).toBeGreaterThan(8);
    expect(await chat.typing.count()).toBe(0);
    await expectPageToBeAsStored(chat, 2);
    for (const { at } of await chat.messages()) {
      expect(Math.abs(Date.now() - Date.parse(at))).toBeLessThan(60_000);
    }
    expect(await chat.page.getByTestId('timestamp').allInnerTexts()).toEqual([
      expect.stringMatching(/\d:\d\d/),
      expect.stringMatching(/\d:\d\d/),
    ]);
    expect(await chat.sidebar.first().textContent()).toContain('2 messages');
  });

  test('a message that is sent while the AI speaks interrupts it at what was heard', async () => {
    const { chat, request } = await begin('How do bees talk?', 'HUMAN');
    await chat.write('And ants?');
    await request.send(SPEECH);
    await chat.hears('Bees show each other');
    await chat.page.keyboard.press('Enter');
    await request.closed;
    await chat.interrupted.waitFor();
    const next = await system.upstream.nextRequest();
    await chat.typing.waitFor();
    await next.send('By smell.');
    await next.finish();
    await chat.message('ASSISTANT', 'COMPLETED').waitFor();

    const [, heard, ...rest] = await chat.messages();
    expect(heard?.status).toBe('INTERRUPTED');
    expect(SPEECH.startsWith(heard?.text ?? '?')).toBe(true);
    expect(heard?.text.length).toBeLessThan(SPEECH.length);
    expect(rest.map(({ text }) => text)).toEqual(['And ants?', 'By smell.']);
    await expectPageToBeAsStored(chat, 4);
  });

  test.each(['INSTANT', 'HUMAN'] as const)(
    '[P-86] an answer that is cut in on is stored, and shown from then on, as far as it was on the screen, each time (%s)',
    async (pace) => {
      const { chat, request } = await begin('Count', pace);
      const screens = await chat.recordCutIns();
      let model = request;
      for (let n = 0; n < CUT_INS; n++) {
        const isDone = sayNumbers(model, chat.page);
        await chat.write(`Again ${n}`);
        await chat.hears(`${n % 7} `);
        await chat.page.keyboard.press('Enter');
        await model.closed;
        await isDone;
        model = await system.upstream.nextRequest();
      }
      await model.send('Done.');
      await model.finish();
      await chat.message('ASSISTANT', 'COMPLETED').waitFor();
      const answers = (await stored(chat.conversationId, 2 * CUT_INS + 2)).filter(
        ({ status }) => status === 'INTERRUPTED',
      );
      expect(answers.map(({ content }) => content.trim())).toEqual(
        (await screens()).map((text) => text.trim()),
      );
      const shown = (await chat.messages()).filter(({ status }) => status === 'INTERRUPTED');
      expect(shown.map(({ text }) => text.trim())).toEqual(answers.map(({ content }) => content.trim()));
    },
  );

  test('a message waits by Alt + Enter, is sent now or taken back by its buttons, and else when the answer has ended', async () => {
    const { chat, request } = await begin('How do bees talk?');
    await request.send('They dance.');
    await chat.hears('They dance.');
    const queued = chat.page.getByTestId('queued-message');
    for (const [at, text] of ['And ants?', 'And wasps?', 'And flies?'].entries()) {
      await chat.write(text);
      await chat.page.keyboard.press('Alt+Enter');
      await queued.nth(at).waitFor();
    }
    const second = await Chat.open(context, chat.page.url());
    await second.page.getByTestId('queued-message').nth(2).waitFor();
    await second.page.getByTestId('withdraw').nth(1).click();
    await queued.nth(2).waitFor({ state: 'detached' });
    await chat.page.getByTestId('send-now').nth(1).click();
    await request.closed;
    const flies = await system.upstream.nextRequest();
    await queued.nth(1).waitFor({ state: 'detached' });
    expect(await queued.locator('.waiting-text').allTextContents()).toEqual(['And ants?']);
    await flies.send('By eye.');
    await flies.finish();
    const ants = await system.upstream.nextRequest();
    await ants.send('By smell.');
    await ants.finish();
    await chat.message('ASSISTANT', 'COMPLETED').nth(1).waitFor();
    await queued.waitFor({ state: 'detached' });
    const expected = ['How do bees talk?', 'They dance.', 'And flies?', 'By eye.', 'And ants?', 'By smell.'];
    for (const tab of [chat, second])
      await soon(async () => expect((await tab.messages()).map(({ text }) => text)).toEqual(expected));
    await expectPageToBeAsStored(chat, 6);
  });

  test('an acknowledgement leaves the answer as it is and stands where it fell; Ctrl + Shift + Enter interrupts', async () => {
    const { chat, request } = await begin('How do bees talk?');
    await request.send('They dance.\n\n');
    await chat.hears('They dance.');
    await chat.say('mm-hm');
    const mark = chat.page.getByTestId('acknowledgement');
    await mark.waitFor();
    await request.send('The angle is the angle to the sun.');
    await chat.hears('to the sun');
    await request.finish();
    await chat.message('ASSISTANT', 'COMPLETED').waitFor();
    const texts = () => chat.page.locator('.markdown').first().locator('p').allInnerTexts();
    const shown = ['They dance.', expect.stringContaining('mm-hm'), 'The angle is the angle to the sun.'];
    expect(await texts()).toEqual(shown);
    await chat.page.reload();
    await mark.waitFor();
    expect(await texts()).toEqual(shown);
    expect(await chat.unanswered.count()).toBe(0);

    await chat.say('And ants?');
    const ants = await system.upstream.nextRequest();
    await ants.send('By ');
    await chat.hears('By');
    await chat.write('ok');
    await chat.page.keyboard.press('Control+Shift+Enter');
    await ants.closed;
    await chat.interrupted.waitFor();
    await (await system.upstream.nextRequest()).finish();
  });

  test.each([
    ['the Stop button', (chat: Chat) => chat.stopButton.click()],
    ['Esc', (chat: Chat) => chat.page.keyboard.press('Escape')],
  ])('%s stops the model, and what was heard stays', async (_name, stop) => {
    const { chat, request } = await begin('How do bees talk?', 'HUMAN');
    await request.send(SPEECH);
    await chat.hears('Bees show each other');
    await stop(chat);
    await request.closed;
    await chat.interrupted.waitFor();
    await chat.stopButton.waitFor({ state: 'detached' });
    expect((await chat.messages()).at(-1)?.text).toContain('Bees show each other');
    await expectPageToBeAsStored(chat, 2);
  });

  test.each([
    ['the button', (chat: Chat) => chat.page.getByTestId('show-rest').click()],
    ['Alt + Down', (chat: Chat) => chat.page.keyboard.press('Alt+ArrowDown')],
  ])('at reading pace %s shows the rest of an answer at once', async (_name, showRest) => {
    const { chat, request } = await begin('How do bees talk?', 'READING');
    await request.send(SPEECH.repeat(40));
    await request.finish();
    await chat.hears('Bees show');
    await showRest(chat);
    await chat.message('ASSISTANT', 'COMPLETED').waitFor();
    expect(await chat.page.getByTestId('show-rest').count()).toBe(0);
    await expectPageToBeAsStored(chat, 2);
  });

  test('the speed of reading is chosen by a slider, is remembered for the next conversation, and holds from the next answer on', async () => {
    const { chat, request } = await begin('How do bees talk?', 'READING');
    await request.send('They dance.');
    await request.finish();
    await chat.message('ASSISTANT', 'COMPLETED').waitFor();
    const slider = chat.page.getByTestId('reading-speed');
    expect(await slider.inputValue()).toBe('300');
    await slider.focus();
    for (let step = 0; step < 4; step++) await chat.page.keyboard.press('ArrowRight');
    await slider.blur();
    await soon(async () => {
      const { data } = await system.request(SPEED, { id: chat.conversationId });
      expect(data.conversation).toEqual({ pacing: 'READING', readingWpm: 400 });
    });
    const next = await Chat.open(context, system.url);
    expect(await next.page.getByTestId('reading-speed').inputValue()).toBe('400');
    expect(await next.page.getByTestId('pacing-picker').inputValue()).toBe('READING');
  });

  test('an answer that is stopped before its first word is not shown, and can be requested again', async () => {
    const { chat, request } = await begin('How do bees talk?');
    await chat.stopButton.click();
    await request.closed;
    await chat.unanswered.waitFor();
    expect(await chat.typing.count()).toBe(0);
    await expectPageToBeAsStored(chat, 1);
    await chat.page.reload();
    await chat.unanswered.waitFor();
    const second = await Chat.open(context, chat.page.url());
    await second.unanswered.waitFor();

    await chat.answerAgain.click();
    const again = await system.upstream.nextRequest();
    for (const tab of [chat, second]) {
      await tab.unanswered.waitFor({ state: 'detached' });
      await tab.typing.waitFor();
    }
    await again.send('They dance.');
    await again.finish();
    for (const tab of [chat, second]) {
      await tab.message('ASSISTANT', 'COMPLETED').waitFor();
      await expectPageToBeAsStored(tab, 2);
    }
  });

  test('a message is not shown as unanswered while its answer is on its way', async () => {
    const { chat, request } = await begin('How do bees talk?');
    const sightings = await chat.recordSightings('unanswered');
    await request.send('They dance.');
    await request.finish();
    await chat.message('ASSISTANT', 'COMPLETED').waitFor();
    await chat.say('And ants?');
    const second = await system.upstream.nextRequest();
    await second.send('By ');
    await chat.hears('By');
    await chat.say('And wasps?');
    const third = await system.upstream.nextRequest();
    await third.send('Hardly.');
    await third.finish();
    await chat.message('ASSISTANT', 'COMPLETED').nth(1).waitFor();
    expect(await sightings()).toBe(0);
    await expectPageToBeAsStored(chat, 6);
  });

  test('a turn that is pending is shown as thinking, and can be stopped', async () => {
    const { chat, request } = await begin('How do bees talk?');
    await chat.stopButton.click();
    await request.closed;
    await chat.unanswered.waitFor();
    await makePending(chat.conversationId);
    await chat.page.reload();
    await chat.typing.waitFor();
    await chat.stopButton.click();
    await chat.unanswered.waitFor();
    await chat.stopButton.waitFor({ state: 'detached' });
    expect(await chat.typing.count()).toBe(0);
    const { prisma } = system.app.database;
    const id = rowIdOf(chat.conversationId);
    expect(await prisma.conversation.findUnique({ where: { id } })).toMatchObject({ pendingTurnId: null });
  });

  test('a Stop that arrives late does not interrupt the next answer', async () => {
    const { chat, request } = await begin('How do bees talk?');
    await request.send('They ');
    await chat.hears('They');
    const held = await hold(chat.page, 'CancelTurn');
    await chat.stopButton.click();
    await held.request;
    await chat.say('And ants?');
    await request.closed;
    const second = await system.upstream.nextRequest();
    await second.send('By ');
    await chat.hears(/^By$/);
    const answered = chat.page.waitForResponse((it) => isOperation(it.request(), 'CancelTurn'));
    held.release();
    await answered;
    await second.send('smell.');
    await second.finish();
    await chat.message('ASSISTANT', 'COMPLETED').waitFor();
    expect((await chat.messages()).at(-1)?.text).toBe('By smell.');
    await expectPageToBeAsStored(chat, 4);
  });

  test('two tabs send the same words at once: the one whose requests fail sends them when they do not', async () => {
    const { chat, request } = await begin('How do bees talk?');
    await request.send('They dance.');
    await request.finish();
    await chat.message('ASSISTANT', 'COMPLETED').waitFor();
    const second = await Chat.open(context, chat.page.url());
    await second.message('ASSISTANT', 'COMPLETED').waitFor();
    await second.page.route('**/graphql', (route) =>
      isOperation(route.request(), 'SendMessage') ? route.abort() : route.fallback(),
    );
    await second.say('ok');
    await second.message('USER', 'SENDING').waitFor();
    await chat.say('ok');
    const next = await system.upstream.nextRequest();
    await next.send('Good.');
    await next.finish();
    await second.message('ASSISTANT', 'COMPLETED').nth(1).waitFor();
    expect(await second.message('USER', 'SENDING').count()).toBe(1);
    await expectPageToBeAsStored(chat, 4);

    await second.page.unroute('**/graphql');
    const again = await system.upstream.nextRequest();
    await again.send('Good, good.');
    await again.finish();
    await second.message('USER', 'SENDING').waitFor({ state: 'detached' });
    await second.message('ASSISTANT', 'COMPLETED').nth(2).waitFor();
    await expectPageToBeAsStored(second, 6);
  });

  test('a message that arrived is sent, though its request failed', async () => {
    const { chat, request } = await begin('How do bees talk?');
    await request.send('They dance.');
    await request.finish();
    await chat.message('ASSISTANT', 'COMPLETED').waitFor();
    await chat.page.route('**/graphql', async (route) => {
      if (!isOperation(route.request(), 'SendMessage')) return route.fallback();
      await route.fetch();
      await route.abort();
    });
    await chat.say('And ants?');
    const next = await system.upstream.nextRequest();
    await next.send('By smell.');
    await next.finish();
    await chat.message('ASSISTANT', 'COMPLETED').nth(1).waitFor();
    expect(await chat.message('USER', 'FAILED').count()).toBe(0);
    await expectPageToBeAsStored(chat, 4);
  });

  test('a model that thinks is shown thinking until its first word; an answer that reached its limit says so, also after a reload', async () => {
    const { chat, request } = await begin('How do bees talk?');
    await request.think('Bees, bees.');
    const thinking = chat.page.getByTestId('thinking');
    await thinking.waitFor();
    expect(await thinking.textContent()).toMatch(/^Thinking… \d\ss$/);
    const announced = chat.page.getByTestId('thinking-announcer');
    await request.think('Do they?');
    await announced.filter({ hasText: 'The AI is thinking' }).waitFor();
    await request.send('They ');
    await chat.hears('They');
    expect(await chat.typing.count()).toBe(0);
    expect(await announced.textContent()).toBe('');

    await request.finish({ reason: 'length' });
    const note = chat.page.getByTestId('truncated-note');
    await note.waitFor();
    await expectPageToBeAsStored(chat, 2);
    await chat.page.reload();
    await note.waitFor();
    expect(await note.textContent()).toBe(
      'The answer reached the model’s length limit. Write “go on” for the rest.',
    );
    await chat.say('go on');
    const second = await system.upstream.nextRequest();
    await second.send('dance.');
    await second.finish();
    await chat.message('ASSISTANT', 'COMPLETED').nth(1).waitFor();
    expect(await note.count()).toBe(1);
  });

  test('a reload in mid-answer and a second tab show the same answer continuing', async () => {
    const { chat, request } = await begin('How do bees talk?');
    await request.send('They dance, ');
    await chat.hears('They dance,');
    await chat.page.reload();
    await chat.hears('They dance,');
    const second = await Chat.open(context, chat.page.url());
    await second.hears('They dance,');

    await request.send('in the dark, ');
    await Promise.all([chat.hears('They dance, in the dark,'), second.hears('They dance, in the dark,')]);
    await request.send('on the comb.');
    await request.finish();
    for (const tab of [chat, second]) {
      await tab.message('ASSISTANT', 'COMPLETED').waitFor();
      await expectPageToBeAsStored(tab, 2);
    }
  });

  test('a message is edited and an answer given again; what there was is paged to in every tab, also after a reload', async () => {
    const { chat, request } = await begin('Bees?');
    await request.send('They dance.');
    await request.finish();
    await chat.message('ASSISTANT', 'COMPLETED').waitFor();
    const second = await Chat.open(context, chat.page.url());
    await second.message('ASSISTANT', 'COMPLETED').waitFor();
    const expectBoth = async (said: string[], pager: string) => {
      for (const { page } of [chat, second]) {
        await page.getByTestId('branch-pager').filter({ hasText: pager }).waitFor();
        await expect.poll(() => page.getByTestId('message-text').allTextContents()).toEqual(said);
      }
    };

    await chat.page.getByTestId('regenerate').click();
    const again = await system.upstream.nextRequest();
    await again.send('They fly.');
    await again.finish();
    await expectBoth(['Bees?', 'They fly.'], '2 / 2');
    await second.page.getByTestId('previous-branch').click();
    await expectBoth(['Bees?', 'They dance.'], '1 / 2');

    await chat.page.getByTestId('edit-message').click();
    await chat.page.getByTestId('edit-input').fill('Ants?');
    await chat.page.keyboard.press('Control+Enter');
    const edited = await system.upstream.nextRequest();
    expect(edited.messages.slice(1)).toEqual([{ role: 'user', content: 'Ants?' }]);
    await edited.send('They march.');
    await edited.finish();
    await expectBoth(['Ants?', 'They march.'], '2 / 2');
    await chat.page.reload();
    await expectBoth(['Ants?', 'They march.'], '2 / 2');
    await chat.page.getByTestId('previous-branch').click();
    for (const { page } of [chat, second])
      await expect
        .poll(() => page.getByTestId('message-text').allTextContents())
        .toEqual(['Bees?', 'They dance.']);
    await expectPageToBeAsStored(second, 2);
  });

  test('an answer goes on through a lost network, and the loss is shown only after a second', async () => {
    const proxy = await startCuttableProxy(system.url);
    try {
      const { chat, request } = await begin('How do bees talk?', 'HUMAN', proxy.url);
      const silence = await chat.recordSilence();
      await request.send(SPEECH);
      await chat.hears('Bees show each other');
      await context.setOffline(true);
      proxy.cut();
      await chat.connection('reconnecting');
      expect(await silence()).toBeGreaterThan(950);
      await request.send(' The others follow it in the dark.');
      await request.finish();
      const [, answer] = await stored(chat.conversationId, 2);
      expect(answer.content).toMatch(/in the dark\.$/);
      const [, cutOff] = await chat.messages();
      expect(cutOff?.status).toBe('SPEAKING');
      expect(SPEECH.startsWith(cutOff?.text ?? '?')).toBe(true);

      proxy.restore();
      await context.setOffline(false);
      await chat.connection('online');
      await chat.message('ASSISTANT', 'COMPLETED').waitFor();
      await expectPageToBeAsStored(chat, 2);
    } finally {
      await proxy.stop();
    }
  });

  test('a message that is sent without a network goes out once there is one, also if its tab was closed', async () => {
    const proxy = await startCuttableProxy(system.url);
    try {
      const { chat, request } = await begin('How do bees talk?', 'INSTANT', proxy.url);
      await request.send('They dance.');
      await request.finish();
      await chat.message('ASSISTANT', 'COMPLETED').waitFor();
      const url = chat.page.url();
      // Within the second in which the loss is not shown.
      proxy.cut();
      await chat.say('And ants?');
      await chat.connection('reconnecting');
      await chat.say('And wasps?');
      await chat.message('USER', 'SENDING').nth(1).waitFor();
      expect(await chat.message('USER', 'FAILED').count()).toBe(0);
      await chat.page.close();

      proxy.restore();
      // The second one cuts off the answer to the first.
      system.upstream.answerAll('By smell.');
      const again = await Chat.open(context, url);
      await again.message('USER', 'COMPLETED').nth(2).waitFor();
      const messages = await soon(async () => {
        const { data } = await system.request(MESSAGES, { id: again.conversationId });
        const { nodes }: { nodes: Data[] } = data.conversation.messages;
        expect(nodes.at(-1)).toMatchObject({ role: 'ASSISTANT', status: 'COMPLETED' });
        return nodes;
      });
      const said = messages.filter(({ role }) => role === 'USER').map(({ content }) => content);
      expect(said).toEqual(['How do bees talk?', 'And ants?', 'And wasps?']);
    } finally {
      system.upstream.answerAll(null);
      await proxy.stop();
    }
  });

  test('connections that break in mid-answer, again and again, lose no word and repeat none', async () => {
    const proxy = await startCuttableProxy(system.url);
    try {
      const { chat, request } = await begin('How do bees talk?', 'INSTANT', proxy.url);
      for (const part of ['They ', 'dance, ', 'they ', 'dance']) {
        await request.send(part);
        await chat.hears(new RegExp(`${part.trim()}$`));
        expect(proxy.drop()).toBeGreaterThan(0);
      }
      await request.send('.');
      await request.finish();
      await chat.message('ASSISTANT', 'COMPLETED').waitFor();
      expect((await chat.messages()).at(-1)?.text).toBe('They dance, they dance.');
      await expectPageToBeAsStored(chat, 2);
    } finally {
      await proxy.stop();
    }
  });

  test('an answer that failed shows its reason, and is tried again without repeating the message', async () => {
    const { chat, request } = await begin('How do bees talk?');
    await request.send('They ');
    await chat.hears('They');
    request.cut();
    await chat.failure('SERVICE_UNAVAILABLE').waitFor();
    await expectPageToBeAsStored(chat, 2);
    await chat.tryAgain.click();
    const again = await system.upstream.nextRequest();
    await chat.failure('SERVICE_UNAVAILABLE').waitFor({ state: 'detached' });
    await again.send('They dance.');
    await again.finish();
    await chat.message('ASSISTANT', 'COMPLETED').waitFor();
    expect((await chat.messages()).map(({ text }) => text)).toEqual(['How do bees talk?', 'They dance.']);
    await expectPageToBeAsStored(chat, 2);
  });

  test('a failure that a retry cannot fix can be retried with another model', async () => {
    const { chat, request } = await begin('How do bees talk?');
    request.fail(401, { error: { message: 'Incorrect API key provided: sk-abcdef' } });
    const failure = chat.failure('PERMISSION_DENIED');
    expect(await failure.textContent()).not.toContain('sk-');
    expect(await chat.tryAgain.count()).toBe(0);
    await chat.page.getByTestId('model-picker').selectOption('openai/gpt-4o');
    await chat.tryAgain.click();
    const again = await system.upstream.nextRequest();
    expect(again.model).toMatch(/gpt-4o$/);
    await again.send('They dance.');
    await again.finish();
    await chat.message('ASSISTANT', 'COMPLETED').waitFor();
    await expectPageToBeAsStored(chat, 2);
  });

  test('when another model answers than the one that was chosen, the page says which and why', async () => {
    const { chat, request } = await begin('How do bees talk?');
    await request.send('They dance.');
    await request.finish();
    await chat.message('ASSISTANT', 'COMPLETED').waitFor();
    const id = rowIdOf(chat.conversationId);
    await system.app.database.prisma.conversation.update({ where: { id }, data: { model: 'gone/model-1' } });
    await chat.say('And ants?');
    const second = await system.upstream.nextRequest();
    await second.send('They smell.');
    const notice = chat.page.getByTestId('substitution');
    await notice.waitFor();
    expect(await notice.textContent()).toBe(
      'gone/model-1 is not offered any more. GPT-4o mini answers instead.',
    );
    const picker = chat.page.getByTestId('model-picker');
    const chosen = () => picker.evaluate((select: HTMLSelectElement) => select.selectedOptions[0]?.text);
    await chat.page.reload();
    await notice.waitFor();
    expect(await chosen()).toBe('gone/model-1 (not offered any more)');
    await second.finish();
    await expectPageToBeAsStored(chat, 4);
    await picker.selectOption('openai/gpt-4o');
    await notice.waitFor({ state: 'detached' });
    expect(await chosen()).toBe('GPT-4o');
  });

  test('without a key Demo is chosen and named under its answer, and the other models say that they need a key', async () => {
    const demo = await startTestSystem({ OPENAI_BASE_URL: '' });
    try {
      const chat = await Chat.open(context, demo.url);
      const picker = chat.page.getByTestId('model-picker');
      expect(await picker.evaluate((it: HTMLSelectElement) => it.selectedOptions[0]?.text)).toBe('Demo');
      const others = picker.locator('option:not([value=demo])');
      const texts = await others.allInnerTexts();
      expect(texts.length).toBeGreaterThan(5);
      expect(texts.filter((text) => !text.endsWith(' (needs a key)'))).toEqual([]);
      expect(await others.evaluateAll((all) => all.every((it) => (it as HTMLOptionElement).disabled))).toBe(
        true,
      );
      await chat.pace('INSTANT');
      await chat.say('Hello');
      const answer = chat.message('ASSISTANT', 'COMPLETED');
      await answer.waitFor();
      expect(await answer.locator('.entry-model').textContent()).toBe('Demo');
    } finally {
      await demo.stop();
    }
  });

  test('an answer that failed is shown as failed when the page is opened later, and can be tried again there', async () => {
    const { chat, request } = await begin('How do bees talk?');
    await request.send('They ');
    await request.errorInStream({ code: 504, message: 'timeout' });
    await chat.failure('TIMEOUT').waitFor();
    await stored(chat.conversationId, 2);
    await chat.page.reload();
    await chat.failure('TIMEOUT').waitFor();
    await chat.tryAgain.click();
    const again = await system.upstream.nextRequest();
    await again.send('They dance.');
    await again.finish();
    await chat.message('ASSISTANT', 'COMPLETED').waitFor();
    await chat.page.reload();
    await chat.message('ASSISTANT', 'COMPLETED').waitFor();
    expect(await chat.failure('TIMEOUT').count()).toBe(0);
  });

  test('typing is shown in the other tabs, encouraged in its own, and ends with the message', async () => {
    const { chat, request } = await begin('How do bees talk?');
    await request.send('They dance.');
    await request.finish();
    await chat.message('ASSISTANT', 'COMPLETED').waitFor();
    const second = await Chat.open(context, chat.page.url());
    await second.page.getByTestId('thread-title').waitFor();
    await second.page.getByTestId('composer-input').click();
    await second.page.keyboard.type('And');
    await chat.typingElsewhere.waitFor();
    await second.page.getByTestId('typing-nudge').waitFor();
    expect(await chat.page.getByTestId('typing-nudge').count()).toBe(0);
    expect(await second.typingElsewhere.count()).toBe(0);
    await second.page.keyboard.type(' ants?');
    await second.page.keyboard.press('Enter');
    await (await system.upstream.nextRequest()).finish();
    await chat.typingElsewhere.waitFor({ state: 'detached' });
    expect(await second.typingElsewhere.count()).toBe(0);
  });

  test('what is sent and begun while the conversation is being created is sent there, in order, or stays', async () => {
    const chat = await Chat.open(context, system.url);
    // It stays until the end: a request in the moment in which Chromium turns interception off and on again has no event.
    let isOffline = true;
    await chat.page.route('**/graphql', (route) =>
      isOffline && isOperation(route.request(), 'CreateConversation') ? route.abort() : route.fallback(),
    );
    const failing = await hold(chat.page, 'CreateConversation');
    await chat.say('How do bees talk?');
    await failing.request;
    await chat.say('And ants?');
    const input = chat.page.getByTestId('composer-input');
    expect(await chat.page.getByTestId('waiting-message').allTextContents()).toEqual([
      'How do bees talk?',
      'And ants?',
    ]);
    expect(await input.inputValue()).toBe('');
    failing.release();
    await chat.page.getByTestId('new-problem').waitFor();
    expect(await input.inputValue()).toBe('How do bees talk?\nAnd ants?');

    isOffline = false;
    const held = await hold(chat.page, 'CreateConversation');
    await chat.page.keyboard.press('Enter');
    await held.request;
    await chat.say('And wasps?');
    await chat.write('And fl');
    held.release();
    await chat.message('USER', 'COMPLETED').nth(1).waitFor();
    expect((await chat.messages()).flatMap(({ role, text }) => (role === 'USER' ? [text] : []))).toEqual([
      'How do bees talk?\nAnd ants?',
      'And wasps?',
    ]);
    expect(await input.inputValue()).toBe('And fl');
    // One request or two: the second message can come before the model was asked for an answer to the first.
    system.upstream.answerAll('They dance.');
    await soon(async () => expect((await chat.messages()).at(-1)).toMatchObject({ text: 'They dance.' }));
    system.upstream.answerAll(null);
  });

  test('a conversation whose creation was not confirmed is created once, however often it is retried', async () => {
    const { prisma } = system.app.database;
    const before = await prisma.conversation.count();
    const chat = await Chat.open(context, system.url);
    await chat.page.route('**/graphql', async (route) => {
      if (!isOperation(route.request(), 'CreateConversation')) return route.fallback();
      await route.fetch();
      await route.abort();
    });
    await chat.say('How do bees talk?');
    await chat.page.getByTestId('new-problem').waitFor();
    await chat.page.unroute('**/graphql');
    await chat.page.keyboard.press('Enter');
    const request = await system.upstream.nextRequest();
    await request.send('They dance.');
    await request.finish();
    await chat.message('ASSISTANT', 'COMPLETED').waitFor();
    await expectPageToBeAsStored(chat, 2);
    expect(await prisma.conversation.count()).toBe(before + 1);
  });

  test('a conversation that was ended says so in every tab, and goes on with the next message', async () => {
    const { chat, request } = await begin('How do bees talk?');
    await request.send('They dance.');
    await request.finish();
    await chat.message('ASSISTANT', 'COMPLETED').waitFor();
    const second = await Chat.open(context, chat.page.url());
    await chat.page.getByTestId('end-conversation').click();
    for (const tab of [chat, second]) await tab.page.getByTestId('conversation-ended').waitFor();
    await second.page.getByTestId('go-on').click();
    await second.page.keyboard.type('And ants?');
    await second.page.keyboard.press('Enter');
    const next = await system.upstream.nextRequest();
    expect(next.messages.map(({ content }) => content)).toContain('How do bees talk?');
    await next.send('By smell.');
    await next.finish();
    for (const tab of [chat, second])
      await tab.page.getByTestId('conversation-ended').waitFor({ state: 'detached' });
  });

  test('a conversation that gets a message goes to the top of the list; one that is renamed stays', async () => {
    const { chat, request } = await begin('First of two');
    await request.finish();
    await chat.page.getByTestId('new-conversation').click();
    await chat.say('Second of two');
    await (await system.upstream.nextRequest()).finish();
    const titles = async () => (await chat.page.locator('.item-title').allInnerTexts()).slice(0, 2);
    await soon(async () => expect(await titles()).toEqual(['Second of two', 'First of two']));

    const first = chat.sidebar.nth(1);
    await first.hover();
    await first.getByTestId('rename-conversation').click();
    await chat.page.getByTestId('rename-input').fill('Renamed');
    await chat.page.keyboard.press('Enter');
    await soon(async () => expect(await titles()).toEqual(['Second of two', 'Renamed']));

    await first.click();
    await chat.page.getByTestId('thread-title').filter({ hasText: 'Renamed' }).waitFor();
    await chat.say('Up');
    await (await system.upstream.nextRequest()).finish();
    await soon(async () => expect(await titles()).toEqual(['Renamed', 'Second of two']));
    await chat.page.reload();
    await soon(async () => expect(await titles()).toEqual(['Renamed', 'Second of two']));

    await chat.sidebar.first().hover();
    await chat.sidebar.first().getByTestId('delete-conversation').click();
    await chat.page.getByTestId('confirm-delete').click();
    await soon(async () => expect((await titles())[0]).toBe('Second of two'));
    await chat.page.getByTestId('composer-input').waitFor();
    expect(new URL(chat.page.url()).pathname).toBe('/');
  });

  test('the operator sees how models are used, in charts, and the newest calls, redacted and filtered by outcome', async () => {
    const { chat, request } = await begin('I am asha@example.com, how do bees talk?');
    await request.send('They dance.');
    await request.finish({ usage: { prompt_tokens: 40, completion_tokens: 5, total_tokens: 45 } });
    await chat.message('ASSISTANT', 'COMPLETED').first().waitFor();
    const errors: Error[] = [];
    chat.page.on('pageerror', (error) => errors.push(error));
    await soon(async () => expect(await system.app.database.prisma.inferenceLog.count()).toBeGreaterThan(0));
    await chat.page.getByTestId('usage-link').click();
    const { page } = chat;
    await page.getByTestId('chart-requests').locator('.recharts-bar-rectangle path').first().waitFor();
    await page.getByTestId('chart-tokens').locator('.recharts-bar-rectangle path').first().waitFor();
    await page.getByTestId('chart-latency').locator('.recharts-line-dot').first().waitFor();
    const table = page.getByTestId('log-table');
    await table.getByText('I am [EMAIL], how do bees talk?').first().waitFor();
    expect(await table.textContent()).not.toContain('asha@');

    const calls = page.locator('.usage-totals dd').first();
    const before = Number(await calls.textContent());
    const input = {
      ...{ model: 'other/model', provider: 'other', status: 'SUCCESS', latencyMs: 1 },
      ...{ inputTokens: 1, outputTokens: 1, inputText: 'Asked later' },
    };
    await system.request(INGEST, { input });
    await soon(async () =>
      expect(await system.app.database.prisma.inferenceLog.count({ where: { model: input.model } })).toBe(1),
    );
    await page.getByTestId('usage-refresh').click();
    await table.getByText('Asked later').waitFor();
    await soon(async () => expect(Number(await calls.textContent())).toBe(before + 1));
    expect(await table.locator('tbody tr').first().textContent()).toContain('Asked later');

    await page.getByTestId('log-status').selectOption('ABORTED');
    await table.getByText('I am [EMAIL]').waitFor({ state: 'detached' });
    await page.getByTestId('usage-range').selectOption('month');
    await page.getByTestId('chart-requests').locator('.recharts-bar-rectangle path').first().waitFor();
    expect(errors).toEqual([]);
    await page.goBack();
    await chat.message('ASSISTANT', 'COMPLETED').first().waitFor();
  });

  test('after a restart of the server everything is there, and the open page goes on', async () => {
    const { chat, request } = await begin('How do bees talk?');
    await request.send('They dance.');
    await request.finish();
    await expectPageToBeAsStored(chat, 2);
    const { port } = new URL(system.url);
    await system.stop();
    await chat.connection('reconnecting');
    system = await startTestSystem({ DATA_DIR: dataDir, PORT: port });
    await chat.connection('online');

    await chat.say('And ants?');
    const next = await system.upstream.nextRequest();
    expect(next.messages.map(({ content }) => content)).toContain('They dance.');
    await next.send('By smell.');
    await next.finish();
    await chat.message('ASSISTANT', 'COMPLETED').nth(1).waitFor();
    await expectPageToBeAsStored(chat, 4);
    await chat.page.reload();
    await chat.message('ASSISTANT', 'COMPLETED').nth(1).waitFor();
    await expectPageToBeAsStored(chat, 4);
    expect(await chat.sidebar.first().textContent()).toContain('4 messages');
  });
});

/** Repeats `look` until its expectations hold. */
function soon<T>(look: () => Promise<T>): Promise<T> {
  return vi.waitFor(look, { timeout: 60_000, interval: 25 });
}

function isOperation(request: Request, operationName: string): boolean {
  return request.postData()?.includes(`"operationName":"${operationName}"`) ?? false;
}

/** Holds back the page's next call of an operation until it is released. */
async function hold(page: Page, operationName: string) {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const request = page.waitForRequest((it) => isOperation(it, operationName));
  await page.route('**/graphql', async (route) => {
    if (!isOperation(route.request(), operationName)) return route.fallback();
    await released;
    await route.fallback();
  });
  return { request, release };
}

const INGEST = /* GraphQL */ `
  mutation Ingest($input: IngestInferenceInput!) {
    ingestInference(input: $input) { __typename }
  }
`;

const SPEED = 'query Speed($id: ID!) { conversation(id: $id) { pacing readingWpm } }';
const MESSAGES = /* GraphQL */ `
  query Messages($id: ID!) {
    conversation(id: $id) { messages(last: 100) { nodes { id role content status } } }
  }
`;
