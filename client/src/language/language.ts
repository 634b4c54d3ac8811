import { LANGUAGE_CODES, LANGUAGES } from './languages.ts';
import { type LanguageChoice, preferredLanguage } from './preferred-language.ts';
import { ENGLISH, type Translation, translationOf } from './translation.ts';

/** What the user has chosen, and the language that the page is in. */
export interface LanguageState {
  choice: LanguageChoice;
  translation: Translation;
}

/** The same key as in public/first-paint.js, which sets the direction before the first paint. */
const KEY = 'taskflow.language';

type Page = Pick<
  Window,
  'addEventListener' | 'removeEventListener' | 'document' | 'localStorage' | 'navigator'
>;

/**
 * The language of the page: a store. It follows the browser's languages until the user chooses one, which is remembered in
 * this browser, and which its other tabs follow. `lang` and `dir` of the document are always those of what is shown.
 */
export class Language {
  readonly #page: Page;
  readonly #listeners = new Set<() => void>();
  #state: LanguageState = { choice: 'system', translation: ENGLISH };
  /** The newest change: one that loads longer than a later one is dropped. */
  #changes = 0;

  constructor(page: Page) {
    this.#page = page;
  }

  readonly getSnapshot = (): LanguageState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Resolves when the texts of the preferred language are there; in English if they cannot be loaded. */
  async start(): Promise<void> {
    this.#page.addEventListener('languagechange', this.#follow);
    this.#page.addEventListener('storage', this.#onStorage);
    if (!(await this.#speak(this.#remembered()))) this.#set(this.#state);
  }

  stop(): void {
    this.#page.removeEventListener('languagechange', this.#follow);
    this.#page.removeEventListener('storage', this.#onStorage);
  }

  /** Resolves to whether the page is in the language now; if its texts cannot be loaded, nothing changes. */
  async choose(choice: LanguageChoice): Promise<boolean> {
    const isDone = await this.#speak(choice);
    if (isDone) this.#remember(choice);
    return isDone;
  }

  readonly #follow = () => void this.#speak(this.#remembered());

  readonly #onStorage = ({ key }: StorageEvent) => {
    // Null: all was cleared.
    if (key === KEY || key === null) this.#follow();
  };

  async #speak(choice: LanguageChoice): Promise<boolean> {
    this.#changes += 1;
    const change = this.#changes;
    const preferred = preferredLanguage(choice, this.#page.navigator.languages);
    try {
      const messages = await LANGUAGES[preferred.code].load();
      if (change === this.#changes) this.#set({ choice, translation: translationOf(preferred, messages) });
      return change === this.#changes;
    } catch {
      return false;
    }
  }

  #set(state: LanguageState): void {
    this.#state = state;
    const { documentElement } = this.#page.document;
    documentElement.lang = state.translation.code;
    documentElement.dir = state.translation.dir;
    for (const listener of this.#listeners) listener();
  }

  #remembered(): LanguageChoice {
    try {
      const stored = this.#page.localStorage.getItem(KEY);
      return LANGUAGE_CODES.find((code) => code === stored) ?? 'system';
    } catch {
      return 'system';
    }
  }

  #remember(choice: LanguageChoice): void {
    try {
      if (choice === 'system') this.#page.localStorage.removeItem(KEY);
      else this.#page.localStorage.setItem(KEY, choice);
    } catch {
      // Storage can be forbidden; then the language lasts as long as the page.
    }
  }
}
