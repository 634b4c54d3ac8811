import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DrivenChat } from '../browsers/driven-chat.ts';
import { soon } from '../browsers/driven-page.ts';
import type { BrowserDriver } from '../browsers/driver.ts';
import { type CuttableProxy, startCuttableProxy } from '../cuttable-proxy.ts';
import { DIRECTIONS, MIXED, readDirections } from '../directions.ts';
import { type Data, startTestSystem, type TestSystem } from '../harness.ts';
import type { ScriptedRequest } from '../scripted-model/scripted-request.ts';

/** A browser on this machine, if there is one. */
interface Engine {
  name: string;
  /** Its path. */
  installed: string | undefined;
  start(): Promise<BrowserDriver>;
}

/** The embedded defaults. */
const EMBEDDED = { DATABASE_URL: '' };

/** What a conversation needs of a browser: the contract suite of every engine beside Chromium, whose suites test more. */
export function describeWebClient({ name, installed, start }: Engine): void {
  const title = installed
    ? `the web client in ${name}`
    : `NO ${name.toUpperCase()} ON THIS MACHINE: the web client was NOT tested in it`;

  describe.skipIf(!installed)(title, () => {
    let system: TestSystem;
    let proxy: CuttableProxy;
    let browser: BrowserDriver;
    let chats: DrivenChat[] = [];

    beforeAll(async () => {
      [system, browser] = await Promise.all([startTestSystem(EMBEDDED), start()]);
      proxy = await startCuttableProxy(system.url);
    });
    afterAll(async () => {
      await browser?.close();
      await proxy?.stop();
      await system?.stop();
    });
    beforeEach(() => {
      // What a test before this one has left is not for this one.
      system.upstream.clearRequests();
    });
    afterEach(async () => {
      proxy.restore();
      const faults: string[] = [];
      for (const { page } of chats) {
        faults.push(...(await page.faults()));
        await page.close();
      }
      chats = [];
      expect(faults).toEqual([]);
    });

    async function openChat(url: string): Promise<DrivenChat> {
      const chat = await DrivenChat.open(browser, url);
      chats.push(chat);
      return chat;
    }

    /** A new conversation that began with `text`, and the model's request for the answer. */
    async function begin(text: string, { url, upstream } = system) {
      const chat = await openChat(url);
      await chat.pace('INSTANT');
      await chat.say(text);
      const request = await upstream.nextRequest();
      await chat.sees('[data-testid=typing-indicator]');
      return { chat, request };
    }

    async function answer(request: ScriptedRequest, text: string): Promise<void> {
      await request.send(text);
      await request.finish();
    }

    /** The stored messages, as soon as there are `count`. */
    function stored(conversationId: string, count: number): Promise<Data[]> {
      return soon(async () => {
        const { data } = await system.request(MESSAGES, { id: conversationId });
        const { nodes } = data.conversation.messages;
        expect(nodes).toHaveLength(count);
        return nodes;
      });
    }

    /** The page shows what is stored: the same messages, in order, each once. */
    async function expectPageToBeAsStored(chat: DrivenChat, count: number): Promise<void> {
      const shown = (await stored(await chat.conversationId(), count)).map(
        ({ id, role, status, content }) => ({
          id,
          role,
          status,
          // A blank at the end is heard, but Markdown does not show it.
          text: content.trimEnd(),
        }),
      );
      await soon(async () => expect(await chat.messages()).toEqual(shown));
    }

    test('an answer that is cut in on, or stopped by Esc, is stored as far as it was on the screen', async () => {
      const { chat, request } = await begin('Count');
      const screens = await chat.recordCutIns();
      let model = request;
      for (const key of ['Enter', 'Enter', 'Escape'] as const) {
        const isDone = sayNumbers(model, chat);
        if (key === 'Enter') await chat.write('Again');
        await chat.hears('7 ');
        await chat.page.press(key);
        await model.closed;
        await isDone;
        if (key === 'Enter') model = await system.upstream.nextRequest();
      }
      await chat.has(3, 'ASSISTANT', 'INTERRUPTED');
      await expectPageToBeAsStored(chat, 6);
      const answers = (await chat.messages()).filter(({ role }) => role === 'ASSISTANT');
      expect(answers.map(({ text }) => text.trim())).toEqual((await screens()).map((text) => text.trim()));
    });

    test('a reload in mid-answer and a second window show the same answer continuing', async () => {
      const { chat, request } = await begin('How do bees talk?');
      await request.send('They dance, ');
      await chat.hears('They dance,');
      const url = await chat.page.url();
      await chat.page.goto(url);
      await chat.hears('They dance,');
      const second = await openChat(url);
      await second.hears('They dance,');
      await request.send('in the dark, ');
      for (const one of chats) await one.hears('They dance, in the dark,');
      await answer(request, 'on the comb.');
      for (const one of chats) {
        await one.has(1, 'ASSISTANT', 'COMPLETED');
        await expectPageToBeAsStored(one, 2);
      }
    });

    test('an answer goes on through a lost network', async () => {
      const { chat, request } = await begin('How do bees talk?', { ...system, url: proxy.url });
      await request.send('They dance, ');
      await chat.hears('They dance,');
      proxy.cut();
      await chat.connection('reconnecting');
      await answer(request, 'in the dark.');
      await stored(await chat.conversationId(), 2);
      expect((await chat.messages()).at(-1)).toMatchObject({ status: 'SPEAKING', text: 'They dance,' });
      proxy.restore();
      await chat.connection('online');
      await chat.has(1, 'ASSISTANT', 'COMPLETED');
      await expectPageToBeAsStored(chat, 2);
    });

    test('a message that is sent without a network goes out by itself, also if its window was closed', async () => {
      const { chat, request } = await begin('How do bees talk?', { ...system, url: proxy.url });
      await answer(request, 'They dance.');
      await chat.has(1, 'ASSISTANT', 'COMPLETED');
      const url = await chat.page.url();
      proxy.cut();
      await chat.connection('reconnecting');
      await chat.say('And ants?');
      await chat.has(1, 'USER', 'SENDING');
      proxy.restore();
      await answer(await system.upstream.nextRequest(), 'By smell.');
      await chat.has(2, 'ASSISTANT', 'COMPLETED');

      proxy.cut();
      await chat.connection('reconnecting');
      await chat.say('And wasps?');
      await chat.has(1, 'USER', 'SENDING');
      chats = [];
      await chat.page.close();
      proxy.restore();
      const again = await openChat(url);
      await answer(await system.upstream.nextRequest(), 'Hardly.');
      await again.has(3, 'ASSISTANT', 'COMPLETED');
      await expectPageToBeAsStored(again, 6);
      expect((await again.messages()).flatMap(({ role, text }) => (role === 'USER' ? [text] : []))).toEqual([
        'How do bees talk?',
        'And ants?',
        'And wasps?',
      ]);
    });

    test('after a silence the AI says something, and the conversation goes on', async () => {
      const silent = await startTestSystem({ ...EMBEDDED, IDLE_NUDGE_MS: '500' });
      try {
        const { chat, request } = await begin('How do bees talk?', silent);
        await answer(request, 'They dance.');
        // The model is not asked for it.
        await chat.has(2, 'ASSISTANT', 'COMPLETED');
        await chat.say('Yes');
        await answer(await silent.upstream.nextRequest(), 'Good.');
        await soon(async () =>
          expect((await chat.messages()).slice(0, 5).map(({ text }) => text)).toEqual([
            'How do bees talk?',
            'They dance.',
            expect.stringMatching(/\w/),
            'Yes',
            'Good.',
          ]),
        );
      } finally {
        await silent.stop();
      }
    });

    test('words run in their own direction, and all of the page is in view on a phone', async () => {
      const { chat, request } = await begin(MIXED.question);
      await answer(request, MIXED.answer);
      await chat.has(1, 'ASSISTANT', 'COMPLETED');
      await chat.write(MIXED.draft);
      expect(await readDirections((look, parts) => chat.page.run(look, parts))).toEqual(DIRECTIONS);
      const sides = await chat.page.run(() =>
        [...document.querySelectorAll('.markdown > p')].map((it) => {
          const words = document.createRange();
          words.selectNodeContents(it);
          return words.getBoundingClientRect().right > it.getBoundingClientRect().right - 1
            ? 'right'
            : 'left';
        }),
      );
      expect(sides).toEqual(['right', 'left']);
      await chat.page.resize(390, 844);
      await chat.sees('[data-testid=menu-button]');
      expect(await chat.page.run(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
    });

    test('the Enter by which an input method confirms a word does not send; the next one does', async () => {
      const { chat, request } = await begin('ミツバチ');
      await answer(request, 'はい。');
      await chat.has(1, 'ASSISTANT', 'COMPLETED');
      await chat.write('ダンス');
      const isTaken = (keyCode: number) =>
        chat.page.run((code) => {
          const input = document.querySelector('[data-testid=composer-input]');
          const event = { key: 'Enter', keyCode: code, isComposing: false, bubbles: true, cancelable: true };
          return input?.dispatchEvent(new KeyboardEvent('keydown', event)) === false;
        }, keyCode);
      expect(await isTaken(229)).toBe(false);
      expect(await isTaken(13)).toBe(true);
      await answer(await system.upstream.nextRequest(), 'はい。');
      await chat.has(2, 'ASSISTANT', 'COMPLETED');
      await expectPageToBeAsStored(chat, 4);
    });
  });
}

/** Says 0, 1, 2 and so on, two for each frame of the page, until it is cut off. */
async function sayNumbers(model: ScriptedRequest, { page }: DrivenChat): Promise<void> {
  for (let n = 0; await model.send(`${n} ${n + 1} `); n += 2)
    await page.run(() => new Promise<number>(requestAnimationFrame));
}

const MESSAGES = /* GraphQL */ `
  query Messages($id: ID!) {
    conversation(id: $id) { messages(last: 100) { nodes { id role content status } } }
  }
`;
