import type { Browser, CDPSession, Page } from 'playwright-core';
import { Chat } from '../../test/support/browser.ts';
import type { BenchSystem } from '../system.ts';

/** One thread in a tab of its own browser context, and what it costs. */
export class MeasuredTab {
  readonly chat: Chat;
  readonly messages: number;
  /** From the key to the frame that shows it, in milliseconds. */
  readonly keys: number[] = [];
  /** What a key keeps the main thread busy, in milliseconds: one mean for each round. */
  readonly keyWork: number[] = [];
  /** While an answer is streamed: one figure for each round. */
  readonly framesPerSecond: number[] = [];
  /** Tasks over 50 ms while an answer is streamed, for each round. */
  readonly longTasks: number[] = [];
  /** The longest of them, in milliseconds. */
  longestTask = 0;
  /** Bytes that the network delivered: of the page, and the payloads of its socket. */
  received = 0;
  readonly #session: CDPSession;

  private constructor(chat: Chat, messages: number, session: CDPSession) {
    this.chat = chat;
    this.messages = messages;
    this.#session = session;
  }

  /** Opens conversation `id`, and loads all of its `messages`. */
  static async open(browser: Browser, url: string, id: string, messages: number): Promise<MeasuredTab> {
    const context = await browser.newContext({ viewport: { width: 1_280, height: 800 } });
    context.setDefaultTimeout(120_000);
    // tsx names functions by a helper that the page does not have.
    await context.addInitScript('globalThis.__name = (it) => it');
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    const tab = new MeasuredTab(new Chat(page), messages, session);
    session.on('Network.loadingFinished', ({ encodedDataLength }) => {
      tab.received += encodedDataLength;
    });
    session.on('Network.webSocketFrameReceived', ({ response }) => {
      tab.received += response.payloadData.length;
    });
    await session.send('Network.enable');
    await session.send('Performance.enable');
    await page.goto(`${url}/c/${encodeURIComponent(id)}`);
    await tab.chat.connection('online');
    await loadAll(page);
    return tab;
  }

  /** Types `count` letters, one after the other has been shown. */
  async type(count: number): Promise<void> {
    const { page } = this.chat;
    await page.bringToFront();
    const input = page.getByTestId('composer-input');
    await input.click();
    const before = await this.#busyMs();
    for (let n = 0; n < count; n++) {
      const key = await page.evaluateHandle(watchKey);
      await page.keyboard.press(n % 6 === 5 ? 'Space' : 'a');
      this.keys.push(await key.evaluate((it) => it.shown));
    }
    this.keyWork.push(((await this.#busyMs()) - before) / count);
    await input.fill('');
  }

  /** Has an answer of `tokens` tokens streamed, at about `rate` of them a second. */
  async stream(system: BenchSystem, tokens: number, rate: number): Promise<void> {
    const { page } = this.chat;
    await page.bringToFront();
    const requested = system.upstream.nextRequest();
    await this.chat.say('And now?');
    const model = await requested;
    await model.send('Begin. ');
    await this.chat.hears('Begin.');
    const meter = await page.evaluateHandle(watchFrames);
    const perStep = Math.ceil(rate / STEPS_PER_SECOND);
    const begun = performance.now();
    for (let sent = 0; sent < tokens; sent += perStep) {
      const due = begun + (sent / rate) * 1_000;
      const early = due - performance.now();
      if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
      const text = Array.from({ length: perStep }, (_, n) => ((sent + n) % 60 === 59 ? 'end.\n\n' : 'word '));
      await model.send(text.join(''));
    }
    const { frames, long } = await meter.evaluate((it) => it.stop());
    this.framesPerSecond.push(frames);
    this.longTasks.push(long.length);
    this.longestTask = Math.max(this.longestTask, ...long);
    await model.finish();
    await this.chat.answer.waitFor({ state: 'detached' });
    await this.chat.stopButton.waitFor({ state: 'detached' });
  }

  /** The live heap of its JavaScript, in bytes. */
  async heap(): Promise<number> {
    await this.#session.send('HeapProfiler.collectGarbage');
    return this.#metric('JSHeapUsedSize');
  }

  /** How many nodes its document has. */
  nodes(): Promise<number> {
    return this.chat.page.evaluate(() => document.querySelectorAll('*').length);
  }

  async #busyMs(): Promise<number> {
    return (await this.#metric('TaskDuration')) * 1_000;
  }

  async #metric(name: string): Promise<number> {
    const { metrics } = await this.#session.send('Performance.getMetrics');
    return metrics.find((it) => it.name === name)?.value ?? Number.NaN;
  }
}

const STEPS_PER_SECOND = 50;

/** Presses the button for earlier messages until there are none, and returns to the end. */
async function loadAll(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const frame = () => new Promise(requestAnimationFrame);
    for (let n = 0; n < 10; n++) await frame();
    for (;;) {
      const button = document.querySelector<HTMLButtonElement>('[data-testid=load-older]');
      if (!button) break;
      button.click();
      await frame();
    }
  });
  await page.getByTestId('composer-input').press('End');
  await page.evaluate(() => new Promise(requestAnimationFrame));
}

/** In the page: measures the next key. `shown` resolves when the frame that shows it is drawn, to the milliseconds until then. */
function watchKey() {
  const shown = new Promise<number>((resolve) => {
    const onKey = ({ timeStamp }: KeyboardEvent) =>
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.now() - timeStamp);
        port2.postMessage(null);
      });
    window.addEventListener('keydown', onKey, { once: true, capture: true });
  });
  return { shown };
}

/** In the page: counts frames and long tasks. `stop` returns frames per second, and each long task in milliseconds. */
function watchFrames() {
  const begun = performance.now();
  let frames = 0;
  let isOver = false;
  const long: number[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) long.push(duration);
  });
  observer.observe({ type: 'longtask' });
  const count = () => {
    frames += 1;
    if (!isOver) requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
  return {
    stop() {
      isOver = true;
      for (const { duration } of observer.takeRecords()) long.push(duration);
      observer.disconnect();
      return { frames: (frames * 1_000) / (performance.now() - begun), long };
    },
  };
}
