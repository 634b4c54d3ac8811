import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';

/** The path of a Chromium on this machine, the lightest first; undefined if there is none. */
export const CHROMIUM = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find(existsSync);

/** How long a page may take for a step, in milliseconds: long, as a machine beside which much else runs takes its time. */
export const PAGE_STEP_MS = 60_000;

/** A headless Chromium that sends no requests by itself. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    ...(CHROMIUM && { executablePath: CHROMIUM }),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** What the Content-Security-Policy of the pages has blocked so far, in the words of the browser. */
export function violationsIn(context: BrowserContext): readonly string[] {
  const violations: string[] = [];
  context.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) violations.push(message.text());
  });
  return violations;
}

/** A message as the user sees it. */
export interface SeenMessage {
  id: string;
  role: string;
  /** Of {@link Chat.message}. */
  status: string;
  text: string;
  /** RFC 3339. */
  at: string;
}

/** The web client in one tab, driven as a user would. */
export class Chat {
  readonly page: Page;
  readonly typing: Locator;
  /** The answer that is being spoken. */
  readonly answer: Locator;
  readonly stopButton: Locator;
  readonly interrupted: Locator;
  /** The button that retries a failed answer. */
  readonly tryAgain: Locator;
  /** The text that says that the newest message has no answer, and the button to get one. */
  readonly unanswered: Locator;
  readonly answerAgain: Locator;
  readonly typingElsewhere: Locator;
  readonly sidebar: Locator;

  constructor(page: Page) {
    this.page = page;
    this.typing = page.getByTestId('typing-indicator');
    this.answer = page.getByTestId('live-answer');
    this.stopButton = page.getByTestId('stop-button');
    this.interrupted = page.getByTestId('interrupted-badge');
    this.tryAgain = page.getByTestId('try-again');
    this.unanswered = page.getByTestId('unanswered');
    this.answerAgain = page.getByTestId('answer-again');
    this.typingElsewhere = page.getByTestId('typing-elsewhere');
    this.sidebar = page.getByTestId('conversation-item');
  }

  static async open(context: BrowserContext, url: string): Promise<Chat> {
    const page = await context.newPage();
    await page.goto(url);
    return new Chat(page);
  }

  /** The id of the open conversation. */
  get conversationId(): string {
    return decodeURIComponent(new URL(this.page.url()).pathname.replace('/c/', ''));
  }

  /** Chooses the pacing, before the first message. */
  async pace(pacing: 'HUMAN' | 'READING' | 'INSTANT'): Promise<void> {
    await this.page.getByTestId('pacing-picker').selectOption(pacing);
  }

  /** Types a message and presses Enter. */
  async say(text: string): Promise<void> {
    await this.write(text);
    await this.page.keyboard.press('Enter');
  }

  /** Types a message. */
  async write(text: string): Promise<void> {
    await this.page.getByTestId('composer-input').click();
    await this.page.keyboard.type(text);
  }

  /** `status` is that of the stored message; before it is stored, THINKING, SPEAKING, SENDING or FAILED. */
  message(role: 'USER' | 'ASSISTANT', status: string): Locator {
    return this.page.locator(`[data-testid=message][data-role=${role}][data-status=${status}]`);
  }

  /** Every message on the page, in order. */
  messages(): Promise<SeenMessage[]> {
    return this.page.getByTestId('message').evaluateAll((elements) =>
      elements.map((element) => {
        const text = element.querySelector('[data-testid=message-text]');
        const time = element.querySelector('time');
        const { messageId = '', role = '', status = '' } = (element as HTMLElement).dataset;
        return { id: messageId, role, status, text: text?.textContent ?? '', at: time?.dateTime ?? '' };
      }),
    );
  }

  /** The text of an answer that failed for this reason. */
  failure(code: string): Locator {
    return this.page.locator(`[data-testid=ai-error][data-code=${code}]`);
  }

  /** Waits until the answer being spoken has this text. */
  async hears(text: string | RegExp): Promise<void> {
    await this.answer.filter({ hasText: text }).waitFor();
  }

  /** Waits until the connection is shown as `state`. */
  async connection(state: 'online' | 'reconnecting'): Promise<void> {
    await this.page.locator(`[data-testid=connection-status][data-state=${state}]`).waitFor();
  }

  /** Records each length of the answer being spoken. The returned function stops that and returns the lengths. */
  async recordGrowth(): Promise<() => Promise<number[]>> {
    const recorder = await this.page.evaluateHandle(() => {
      const lengths: number[] = [];
      const observer = new MutationObserver(() => {
        const length = document.querySelector('[data-testid=live-answer]')?.textContent?.length ?? 0;
        if (length > 0 && length !== lengths.at(-1)) lengths.push(length);
      });
      observer.observe(document.body, { subtree: true, childList: true, characterData: true });
      return {
        stop() {
          observer.disconnect();
          return lengths;
        },
      };
    });
    return () => recorder.evaluate((it) => it.stop());
  }

  /** Records the text on the screen of the answer being spoken whenever Enter is pressed. The returned function returns them. */
  async recordCutIns(): Promise<() => Promise<string[]>> {
    const screens = await this.page.evaluateHandle(() => {
      const texts: string[] = [];
      window.addEventListener(
        'keydown',
        ({ key }) => {
          const answer = document.querySelector('[data-testid=live-answer]');
          if (key === 'Enter' && answer) texts.push(answer.textContent ?? '');
        },
        { capture: true },
      );
      return texts;
    });
    return () => screens.evaluate((it) => it);
  }

  /** Counts how often an element with this test id appears. The returned function stops that and returns the count. */
  async recordSightings(testId: string): Promise<() => Promise<number>> {
    const recorder = await this.page.evaluateHandle((id) => {
      let sightings = 0;
      let isSeen = false;
      const observer = new MutationObserver(() => {
        const isThere = document.querySelector(`[data-testid="${id}"]`) !== null;
        if (isThere && !isSeen) sightings += 1;
        isSeen = isThere;
      });
      observer.observe(document.body, { subtree: true, childList: true });
      return {
        stop() {
          observer.disconnect();
          return sightings;
        },
      };
    }, testId);
    return () => recorder.evaluate((it) => it.stop());
  }

  /** Measures how long after going offline the page shows that it reconnects. The returned function resolves to it, in ms. */
  async recordSilence(): Promise<() => Promise<number>> {
    const recorder = await this.page.evaluateHandle(() => {
      const silence = new Promise<number>((resolve) => {
        window.addEventListener('offline', () => {
          const from = performance.now();
          const status = document.querySelector<HTMLElement>('[data-testid=connection-status]');
          if (!status) return resolve(Number.NaN);
          if (status.dataset.state === 'reconnecting') return resolve(0);
          new MutationObserver(() => {
            if (status.dataset.state === 'reconnecting') resolve(performance.now() - from);
          }).observe(status, { attributes: true });
        });
      });
      return { silence };
    });
    return () => recorder.evaluate((it) => it.silence);
  }
}

/** GraphiQL in one tab of the browser. */
export class GraphiQL {
  readonly page: Page;
  readonly response: Locator;

  private constructor(page: Page) {
    this.page = page;
    this.response = page.locator('.result-window');
  }

  static async open(context: BrowserContext, url: string): Promise<GraphiQL> {
    const page = await context.newPage();
    await page.goto(`${url}/graphql`);
    await page.getByRole('button', { name: /^Execute query/ }).waitFor();
    return new GraphiQL(page);
  }

  tabs(): Promise<string[]> {
    return this.page.getByRole('tab').allInnerTexts();
  }

  /** Goes to a tab. A click before the editor is loaded has no effect, so it is repeated. */
  async go(tab: string): Promise<void> {
    const selected = this.page.getByRole('tab', { name: tab, selected: true });
    while ((await selected.count()) === 0) await this.page.locator(`button[title="${tab}"]`).click();
  }

  async run(): Promise<void> {
    await this.page.getByRole('button', { name: /^Execute query/ }).click();
  }

  /** Writes the headers of the open tab, and waits until GraphiQL has stored them. */
  async setHeaders(headers: Record<string, string>): Promise<void> {
    await this.page.getByRole('button', { name: 'Headers' }).click();
    await this.page.locator('.graphiql-editor-tool .monaco-editor:visible').click();
    await this.page.keyboard.press('Control+A');
    const text = JSON.stringify(headers);
    await this.page.keyboard.insertText(text);
    await this.page.waitForFunction((it) => localStorage.getItem('graphiql:headers') === it, text);
  }

  /** Waits until the response shows `text`. The editor breaks long lines, so spaces are ignored. */
  async shows(text: string): Promise<void> {
    await this.page.waitForFunction(
      (it) => document.querySelector('.result-window')?.textContent?.replace(/\s/g, '').includes(it),
      text.replace(/\s/g, ''),
    );
  }
}
