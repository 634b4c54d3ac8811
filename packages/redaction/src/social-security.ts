import type { Finding } from './finding.ts';
import { Naming } from './naming.ts';
import { SOCIAL_SECURITY_WORDS } from './words/own-words.ts';

/** Three, two and four digits with the same separator, or nine digits. */
const NUMBER =
  /(?<![\p{Script=Latin}\p{N}_.+/-])(\d{3})([-. :/_]?)(\d{2})\2(\d{4})(?![\p{Script=Latin}\p{N}_]|[-./]\d)/gu;

/**
 * US social security numbers: not of an area 000 or 666, nor with a group of zeros only (SSA). With dashes the form says what
 * it is unless a word says otherwise; in another form, or of an area from 900 on (a taxpayer's number), a word must say so.
 * @param words the text for words, of the same length
 */
export function* findSocialSecurityNumbers(text: string, words: string): Generator<Finding> {
  for (const { index: start, 0: found, 1: area = '', 2: mark, 3: group, 4: serial } of text.matchAll(
    NUMBER,
  )) {
    if (area === '000' || area === '666' || group === '00' || serial === '0000') continue;
    const end = start + found.length;
    const called = NAMED.of(words, start, end);
    if (called === 'own' || (called === null && mark === '-' && area < '900'))
      yield { kind: 'US_SSN', start, end };
  }
}

const NAMED = new Naming(SOCIAL_SECURITY_WORDS);
