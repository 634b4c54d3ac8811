import type { SeenMessage } from '../browser.ts';
import { DrivenPage } from './driven-page.ts';
import type { BrowserDriver } from './driver.ts';

/** The web client in one window. */
export class DrivenChat {
  readonly page: DrivenPage;

  private constructor(page: DrivenPage) {
    this.page = page;
  }

  static async open(driver: BrowserDriver, url: string): Promise<DrivenChat> {
    return new DrivenChat(await DrivenPage.open(driver, url));
  }

  /** The id of the open conversation. */
  async conversationId(): Promise<string> {
    return decodeURIComponent(new URL(await this.page.url()).pathname.replace('/c/', ''));
  }

  /** Chooses the pacing, before the first message. */
  pace(pacing: 'HUMAN' | 'READING' | 'INSTANT'): Promise<boolean> {
    return this.page.until((chosen) => {
      const picker = document.querySelector<HTMLSelectElement>('[data-testid=pacing-picker]');
      if (!picker) return false;
      picker.value = chosen;
      return picker.dispatchEvent(new Event('change', { bubbles: true }));
    }, pacing);
  }

  /** Types a message and presses Enter. */
  async say(text: string): Promise<void> {
    await this.write(text);
    await this.page.press('Enter');
  }

  /** Types a message. */
  async write(text: string): Promise<void> {
    await this.page.click('[data-testid=composer-input]');
    await this.page.type(text);
  }

  /** Waits for an element. */
  sees(selector: string): Promise<boolean> {
    return this.page.until((wanted) => document.querySelector(wanted) !== null, selector);
  }

  /** Waits until the answer being spoken has this text. */
  hears(text: string): Promise<boolean> {
    return this.page.until(
      (wanted) => document.querySelector('[data-testid=live-answer]')?.textContent?.includes(wanted),
      text,
    );
  }

  /** Waits until so many messages have this role and status: see {@link SeenMessage}. */
  has(count: number, role: 'USER' | 'ASSISTANT', status: string): Promise<boolean> {
    return this.page.until(
      (wanted, selector) => document.querySelectorAll(selector).length === wanted,
      count,
      `[data-testid=message][data-role=${role}][data-status=${status}]`,
    );
  }

  /** Waits until the connection is shown as `state`. */
  connection(state: 'online' | 'reconnecting'): Promise<boolean> {
    return this.sees(`[data-testid=connection-status][data-state=${state}]`);
  }

  /** Every message on the page, in order. */
  messages(): Promise<Omit<SeenMessage, 'at'>[]> {
    return this.page.run(() =>
      [...document.querySelectorAll<HTMLElement>('[data-testid=message]')].map((element) => {
        const { messageId: id = '', role = '', status = '' } = element.dataset;
        const text = element.querySelector('[data-testid=message-text]')?.textContent ?? '';
        return { id, role, status, text };
      }),
    );
  }

  /** From now on records the text on the screen of the answer being spoken whenever Enter or Escape is pressed. */
  async recordCutIns(): Promise<() => Promise<string[]>> {
    await this.page.run(() => {
      const screens: string[] = [];
      Object.assign(window, { screens });
      window.addEventListener(
        'keydown',
        ({ key }) => {
          const answer = document.querySelector('[data-testid=live-answer]');
          if (answer && (key === 'Enter' || key === 'Escape')) screens.push(answer.textContent ?? '');
        },
        { capture: true },
      );
    });
    return () => this.page.run(() => (window as unknown as { screens: string[] }).screens);
  }
}
