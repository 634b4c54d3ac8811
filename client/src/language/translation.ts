import { type Messages, setupI18n } from '@lingui/core';
import { LANGUAGES } from './languages.ts';
import english from './messages/en.json';
import type { Phrases, TextName, ValuesOf } from './phrase.ts';
import type { PreferredLanguage } from './preferred-language.ts';

/** The page in one language: its texts, and the formats of its locale. It never changes: another choice makes another one. */
export interface Translation extends PreferredLanguage {
  dir: 'ltr' | 'rtl';
  /** The text with this name; values are put in as the language says, with its plurals. */
  t<Name extends TextName>(name: Name, ...values: ValuesOf<Name>): string;
  /** The words of what was made by {@link phrase}. */
  say(phrases: Phrases): string;
  date(date: Date, options: Intl.DateTimeFormatOptions): string;
  number(value: number, options?: Intl.NumberFormatOptions): string;
  /** For sorting what people read. */
  compare(a: string, b: string): number;
}

/** `messages`: the texts of the language, as {@link LANGUAGES} loads them. */
export function translationOf({ code, locale }: PreferredLanguage, messages: Messages): Translation {
  const i18n = setupI18n({ locale: code, locales: locale, messages: { [code]: messages } });
  const { dir } = LANGUAGES[code];
  const say = (name: TextName, values: object | null | undefined) =>
    i18n._(name, prepared(values ?? {}, dir));
  return {
    ...{ code, locale, dir },
    t: (name, ...[values]) => say(name, values),
    say: (phrases) =>
      [phrases]
        .flat()
        .map(({ name, values }) => say(name, values))
        .join(' '),
    date: (date, options) => i18n.date(date, options),
    number: (value, options) => i18n.number(value, options),
    compare: new Intl.Collator(locale).compare,
  };
}

/** Whether the catalogues have a text with this name. */
export function isTextName(name: string): name is TextName {
  return Object.hasOwn(english, name);
}

/** What the page speaks until it is known which language is preferred, and where that one cannot be loaded. */
export const ENGLISH = translationOf({ code: 'en', locale: 'en' }, english);

function prepared(values: object, dir: 'ltr' | 'rtl'): Record<string, unknown> {
  const entries = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === 'string' ? isolated(verbatim(value), dir) : value,
  ]);
  return Object.fromEntries(entries);
}

/** Lingui decodes escapes such as `\u0041` in whole texts, also in what the user has written. */
function verbatim(value: string): string {
  return value.replace(/\\(?=u[\da-f]{4}|x[\da-f]{2})/gi, '\\u005c');
}

/** Names and titles of the other direction keep theirs, and do not reorder the words around them (Unicode UAX 9). */
function isolated(value: string, dir: 'ltr' | 'rtl'): string {
  return dir === 'rtl' || RTL_LETTER.test(value) ? `\u2068${value}\u2069` : value;
}

const RTL_LETTER = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;
