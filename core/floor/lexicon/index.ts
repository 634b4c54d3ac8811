import { ARABIC } from './arabic.ts';
import { CHINESE } from './chinese.ts';
import { ENGLISH } from './english.ts';
import { FRENCH } from './french.ts';
import { GERMAN } from './german.ts';
import { HINDI } from './hindi.ts';
import { JAPANESE } from './japanese.ts';
import type { Lexicon } from './lexicon.ts';
import { PORTUGUESE } from './portuguese.ts';
import { RUSSIAN } from './russian.ts';
import { SPANISH } from './spanish.ts';

/** The lexicon of each language, by its code (BCP 47). */
export const LEXICONS: Readonly<Record<string, Lexicon>> = {
  ar: ARABIC,
  de: GERMAN,
  en: ENGLISH,
  es: SPANISH,
  fr: FRENCH,
  hi: HINDI,
  ja: JAPANESE,
  pt: PORTUGUESE,
  ru: RUSSIAN,
  zh: CHINESE,
};
