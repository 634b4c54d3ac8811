import type { Messages } from '@lingui/core';
import english from './messages/en.json';

/** A language that the page can be read in. */
export interface LanguageEntry {
  /** In the language itself, so that its readers find it. */
  name: string;
  dir: 'ltr' | 'rtl';
  /** Its texts, by their names; rejects when they cannot be loaded. */
  load(): Promise<Messages>;
}

/**
 * The languages of the page, by their codes (ISO 639-1). English is built in; the texts of another one are loaded when it is
 * chosen. `public/first-paint.js` has the codes and directions as well.
 */
export const LANGUAGES = {
  en: { name: 'English', dir: 'ltr', load: async () => english },
  ar: { name: 'العربية', dir: 'rtl', load: async () => (await import('./messages/ar.json')).default },
} as const satisfies Record<string, LanguageEntry>;

export type LanguageCode = keyof typeof LANGUAGES;

export const LANGUAGE_CODES = Object.keys(LANGUAGES) as LanguageCode[];
