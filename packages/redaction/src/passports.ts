import type { Finding } from './finding.ts';
import { Naming } from './naming.ts';
import { PASSPORT_WORDS } from './words/own-words.ts';

/** A letter and seven digits, in one piece or with a blank or dash after the letter or the first two digits. */
const PASSPORT = /(?<![\p{Script=Latin}\p{N}_-])[A-Z][ -]?\d{2}[ -]?\d{5}(?![\p{Script=Latin}\p{N}_])/giu;

/** Numbers of Indian passports. Parts and models have the same form, so the nearest word must be one for passports. */
export function* findPassports(text: string): Generator<Finding> {
  for (const { index: start, 0: found } of text.matchAll(PASSPORT)) {
    const end = start + found.length;
    if (NAMED.of(text, start, end) === 'own') yield { kind: 'INDIAN_PASSPORT', start, end };
  }
}

const NAMED = new Naming(PASSPORT_WORDS);
