import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { LANGUAGE_CODES, LANGUAGES } from './languages.ts';
import { type LanguageChoice, preferredLanguage } from './preferred-language.ts';

const FIRST_PAINT = readFileSync(`${import.meta.dirname}/../../public/first-paint.js`, 'utf8');

const CASES: [LanguageChoice, string[], code: string, locale: string][] = [
  ['system', ['en-US', 'ar'], 'en', 'en-US'],
  ['system', ['ar-EG', 'en-US'], 'ar', 'ar-EG'],
  ['system', ['de-DE', 'ar', 'en'], 'ar', 'ar'],
  // None that the page can be read in.
  ['system', ['de-DE', 'fr'], 'en', 'en-DE'],
  ['system', [], 'en', 'en'],
  ['system', ['en-US@posix', 'ar-MA'], 'ar', 'ar-MA'],
  ['ar', ['de-DE', 'en-GB'], 'ar', 'ar-DE'],
  ['ar', ['en', 'ar-SA'], 'ar', 'ar-SA'],
  ['en', ['ar-EG', 'en-GB'], 'en', 'en-GB'],
  ['en', ['ar-EG'], 'en', 'en-EG'],
];

it.each(CASES)('%s of %j is %s with the formats of %s', (choice, wanted, code, locale) => {
  expect(preferredLanguage(choice, wanted)).toEqual({ code, locale });
});

describe('before the first paint', () => {
  /** The root element as the script leaves it. */
  function painted(choice: LanguageChoice, languages: readonly string[], localStorage?: object) {
    const documentElement = { lang: 'en', dir: '', dataset: {} };
    const stored = choice === 'system' ? null : choice;
    const storage = localStorage ?? {
      getItem: (key: string) => (key === 'taskflow.language' ? stored : null),
    };
    runInNewContext(FIRST_PAINT, {
      document: { documentElement },
      localStorage: storage,
      navigator: { languages },
    });
    return documentElement;
  }

  it.each(CASES.filter(([, [first]]) => !first?.includes('@')))('%s of %j is %s', (choice, wanted, code) => {
    const { dir } = LANGUAGES[code as keyof typeof LANGUAGES];
    expect(painted(choice, wanted)).toMatchObject({ lang: code, dir });
  });

  it.each(LANGUAGE_CODES)('%s has its direction', (code) => {
    const expected = { lang: code, dir: LANGUAGES[code].dir };
    expect(painted(code, [])).toMatchObject(expected);
    expect(painted('system', [code])).toMatchObject(expected);
  });

  it('a storage that is forbidden is no fault', () => {
    const getItem = () => {
      throw new Error('SecurityError');
    };
    expect(painted('system', ['ar'], { getItem })).toMatchObject({ lang: 'ar', dir: 'rtl', dataset: {} });
  });
});
