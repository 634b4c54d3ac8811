import { LANGUAGE_CODES, type LanguageCode } from './languages.ts';

/** What the user has chosen; `system`: the first of the browser's languages that the page can be read in. */
export type LanguageChoice = 'system' | LanguageCode;

/** A language, and the locale of its formats (BCP 47), which has the user's region: `ar-EG`. */
export interface PreferredLanguage {
  code: LanguageCode;
  locale: string;
}

/**
 * The language for a choice, given `navigator.languages`. English if the page can be read in none of them. Dates and numbers
 * follow the browser's own tag of the language, or, if it has none, the region of its first language that has one: who reads
 * English in Germany sees the 24-hour clock.
 */
export function preferredLanguage(choice: LanguageChoice, wanted: readonly string[]): PreferredLanguage {
  const tags = wanted.flatMap(parsed);
  const code =
    choice === 'system'
      ? (tags.map(({ language }) => codeOf(language)).find((known) => known !== undefined) ?? 'en')
      : choice;
  const own = tags.find(({ language }) => language === code);
  const region = tags.find((tag) => tag.region)?.region;
  return { code, locale: own?.toString() ?? (region ? `${code}-${region}` : code) };
}

function codeOf(language: string): LanguageCode | undefined {
  return LANGUAGE_CODES.find((code) => code === language);
}

/** Some systems give tags that are none, such as `en-US@posix`. */
function parsed(tag: string): Intl.Locale[] {
  try {
    return [new Intl.Locale(tag)];
  } catch {
    return [];
  }
}
