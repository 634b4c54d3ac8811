import { vi } from 'vitest';
import { PAGE_STEP_MS } from '../browser.ts';
import { clicking, type Key, pressing, typing } from './actions.ts';
import type { BrowserDriver } from './driver.ts';

/** A page in a window of its own. */
export class DrivenPage {
  readonly #driver: BrowserDriver;
  readonly #window: string;

  private constructor(driver: BrowserDriver, window: string) {
    this.#driver = driver;
    this.#window = window;
  }

  static async open(driver: BrowserDriver, url: string): Promise<DrivenPage> {
    const page = new DrivenPage(driver, await driver.openWindow());
    await page.goto(url);
    return page;
  }

  /** Loads a page, also one that is there already. From then on its faults are recorded: {@link DrivenPage.faults}. */
  async goto(url: string): Promise<void> {
    await this.#driver.navigate(this.#window, url);
    await this.run(() => {
      const faults: string[] = [];
      Object.assign(window, { faults });
      window.addEventListener('error', ({ message }) => faults.push(message));
      window.addEventListener('unhandledrejection', ({ reason }) => faults.push(String(reason)));
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
        faults.push(`the policy of the page blocks ${blockedURI}: ${violatedDirective}`),
      );
    });
  }

  /** What went wrong in the page since it was loaded: uncaught errors, and what its policy blocked. */
  faults(): Promise<string[]> {
    return this.run(() => (window as unknown as { faults: string[] }).faults);
  }

  url(): Promise<string> {
    return this.run(() => location.href);
  }

  /** Calls a function in the page and waits for what it resolves to. It sees nothing but its arguments, which are JSON. */
  async run<Args extends unknown[], T>(look: (...args: Args) => T, ...args: Args): Promise<Awaited<T>> {
    const source = `async (args) => JSON.stringify((await (${look})(...JSON.parse(args))) ?? null)`;
    return JSON.parse(await this.#driver.call(this.#window, source, JSON.stringify(args)));
  }

  /** Repeats `look` until it returns something true, and returns that. */
  until<Args extends unknown[], T>(
    look: (...args: Args) => T,
    ...args: Args
  ): Promise<NonNullable<Awaited<T>>> {
    return soon(async () => {
      const seen = await this.run(look, ...args);
      if (!seen) throw new Error(`is not true in the page: ${look} of ${JSON.stringify(args)}`);
      return seen;
    });
  }

  /** Clicks the middle of an element, once it is in view and stands still. */
  async click(selector: string): Promise<void> {
    const [x, y] = await this.until(async (wanted) => {
      const element = document.querySelector(wanted);
      if (!element) return null;
      element.scrollIntoView({ block: 'nearest' });
      const before = element.getBoundingClientRect();
      await new Promise(requestAnimationFrame);
      const { left, top, width, height } = element.getBoundingClientRect();
      const middle = [left + width / 2, top + height / 2].map(Math.round) as [number, number];
      const isStill = left === before.left && top === before.top;
      return isStill && element.contains(document.elementFromPoint(...middle)) ? middle : null;
    }, selector);
    await this.#driver.perform(this.#window, clicking(x, y));
  }

  /** Types into what has the focus. */
  type(text: string): Promise<void> {
    return this.#driver.perform(this.#window, typing(text));
  }

  press(...keys: readonly Key[]): Promise<void> {
    return this.#driver.perform(this.#window, pressing(...keys));
  }

  resize(width: number, height: number): Promise<void> {
    return this.#driver.resizeWindow(this.#window, width, height);
  }

  close(): Promise<void> {
    return this.#driver.closeWindow(this.#window);
  }
}

/** Repeats `look` until it does not throw. */
export function soon<T>(look: () => Promise<T>): Promise<T> {
  return vi.waitFor(look, { timeout: PAGE_STEP_MS, interval: 25 });
}
