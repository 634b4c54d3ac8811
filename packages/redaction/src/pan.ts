import { isDigit } from './digit-groups.ts';
import type { Finding } from './finding.ts';
import { Naming } from './naming.ts';
import { isLetter } from './number-edges.ts';
import { PAN_WORDS } from './words/own-words.ts';

const CANDIDATE = /[A-Za-z]{5}[ -]?\d{4}[ -]?[A-Za-z]/g;
/** The fourth letter is the kind of holder: person, company, trust, firm, ... All capitals or all small letters. */
const PAN = /^(?:[A-Z]{3}[ABCFGHJKLPT][A-Z]\d{4}[A-Z]|[a-z]{3}[abcfghjklpt][a-z]\d{4}[a-z])$/;
/** All hexadecimal: probably a shortened hash. */
const HASH = /^[0-9a-f]+$/;

/**
 * Permanent account numbers of the Indian tax office: five letters, four digits, a letter. After a word for them also with
 * blanks or dashes, in mixed letters, and mistyped. No Latin character is next to it, except `pan_` before it; text in a
 * script without blanks may be.
 */
export function* findPans(text: string): Generator<Finding> {
  for (const { index: start, 0: pan } of text.matchAll(CANDIDATE)) {
    const end = start + pan.length;
    if (isWord(text.charCodeAt(end)) || (isWord(text.charCodeAt(start - 1)) && !isNamed(text, start)))
      continue;
    const isUsual = PAN.test(pan) && !pan.includes('0000') && !HASH.test(pan);
    if (isUsual || NAMED.of(text, start, end) === 'own') yield { kind: 'PAN', start, end };
  }
}

const NAMED = new Naming(PAN_WORDS);

const isWord = (code: number) => isDigit(code) || isLetter(code);

function isNamed(text: string, start: number): boolean {
  return /(?<![A-Za-z0-9])pan_?$/i.test(text.slice(Math.max(0, start - 5), start));
}
