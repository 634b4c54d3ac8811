import { afterEach, expect, it, vi } from 'vitest';
import { Language } from './language.ts';
import { LANGUAGES } from './languages.ts';

/** A page in a browser with these languages. */
function pageWith(languages: string[], stored: Record<string, string> = {}) {
  const items = new Map(Object.entries(stored));
  const events = new EventTarget();
  const documentElement = { lang: '', dir: '' };
  const page = {
    navigator: { languages },
    document: { documentElement },
    localStorage: {
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) => void items.set(key, value),
      removeItem: (key: string) => void items.delete(key),
    },
    addEventListener: events.addEventListener.bind(events),
    removeEventListener: events.removeEventListener.bind(events),
  };
  const dispatch = (type: string, fields = {}) =>
    events.dispatchEvent(Object.assign(new Event(type), fields));
  return { page: page as unknown as Window, items, documentElement, dispatch };
}

const spoken = (language: Language) => language.getSnapshot().translation.code;

/** Resolves when the page is in another language. */
const changed = (language: Language) =>
  new Promise<void>((resolve) => {
    const off = language.subscribe(() => {
      off();
      resolve();
    });
  });

afterEach(() => vi.restoreAllMocks());

it('is that of the browser, with its direction, until another one is chosen', async () => {
  const { page, documentElement, items } = pageWith(['ar-EG', 'en']);
  const language = new Language(page);
  await language.start();
  expect(language.getSnapshot().choice).toBe('system');
  expect(documentElement).toEqual({ lang: 'ar', dir: 'rtl' });
  expect(await language.choose('en')).toBe(true);
  expect(documentElement).toEqual({ lang: 'en', dir: 'ltr' });
  expect(items).toEqual(new Map([['taskflow.language', 'en']]));
});

it('that was chosen is the one of the next visit; the system’s is not stored', async () => {
  const { page, items } = pageWith(['en'], { 'taskflow.language': 'ar' });
  const language = new Language(page);
  await language.start();
  expect(spoken(language)).toBe('ar');
  await language.choose('system');
  expect(spoken(language)).toBe('en');
  expect(items.size).toBe(0);
});

it('that is stored and not known is the system’s', async () => {
  const { page } = pageWith(['ar'], { 'taskflow.language': 'tlh' });
  const language = new Language(page);
  await language.start();
  expect(language.getSnapshot()).toMatchObject({ choice: 'system', translation: { code: 'ar' } });
});

it('follows the choice in another tab, and the browser’s languages', async () => {
  const { page, items, dispatch } = pageWith(['en']);
  const language = new Language(page);
  await language.start();
  items.set('taskflow.language', 'ar');
  let change = changed(language);
  dispatch('storage', { key: 'taskflow.language' });
  await change;
  expect(spoken(language)).toBe('ar');
  items.clear();
  change = changed(language);
  dispatch('languagechange');
  await change;
  expect(spoken(language)).toBe('en');
  language.stop();
  items.set('taskflow.language', 'ar');
  dispatch('storage', { key: 'taskflow.language' });
  await Promise.resolve();
  expect(spoken(language)).toBe('en');
});

it('whose texts cannot be loaded is not chosen; at the start it is English', async () => {
  vi.spyOn(LANGUAGES.ar, 'load').mockRejectedValue(new TypeError('Failed to fetch'));
  const { page, items, documentElement } = pageWith(['ar']);
  const language = new Language(page);
  await language.start();
  expect(documentElement).toEqual({ lang: 'en', dir: 'ltr' });
  expect(await language.choose('ar')).toBe(false);
  expect(items.size).toBe(0);
  expect(spoken(language)).toBe('en');
});

it('that is chosen last wins, also if another one takes longer to load', async () => {
  const texts = await LANGUAGES.ar.load();
  let arrive = (_: typeof texts) => {};
  const late = new Promise<typeof texts>((resolve) => {
    arrive = resolve;
  });
  vi.spyOn(LANGUAGES.ar, 'load').mockReturnValue(late);
  const { page, items } = pageWith(['en']);
  const language = new Language(page);
  await language.start();
  const first = language.choose('ar');
  await language.choose('en');
  arrive(texts);
  expect(await first).toBe(false);
  expect(spoken(language)).toBe('en');
  expect(items.get('taskflow.language')).toBe('en');
});
