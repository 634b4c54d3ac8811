import { countrySpecs } from 'ibantools';
import { isDigit } from './digit-groups.ts';
import type { Finding } from './finding.ts';
import { isLetter } from './number-edges.ts';

/** The beginning: two letters, two check digits, then the country's number of characters; in one piece, or in groups. */
const START = /[A-Za-z]{2}\d{2}(?=[ ./:_-]?[A-Za-z0-9])/g;
const isLetterOrDigit = (code: number) => isDigit(code) || isLetter(code);
/** Glued to its name. */
const NAMED = /(?<![A-Za-z])IBAN_?$/i;
/** ISO 13616 allows 34 characters; there may be a blank between any two. */
const LONGEST = 34 + 34;

/** International bank account numbers: of a country's length, with valid check digits (ISO 13616). */
export function* findIbans(text: string): Generator<Finding> {
  for (const { index: start, 0: head } of text.matchAll(START)) {
    const length = countrySpecs[head.slice(0, 2).toUpperCase()]?.chars;
    if (
      !length ||
      (isLetterOrDigit(text.charCodeAt(start - 1)) && !NAMED.test(text.slice(Math.max(0, start - 5), start)))
    )
      continue;
    const end = endAfter(text, start, length);
    if (end === null || isAlphanumeric(text.charCodeAt(end))) continue;
    if (isChecked(text, start, end)) yield { kind: 'IBAN', start, end };
  }
}

/** ISO 7064 mod 97-10, with the first four characters moved to the end. National check digits inside are not checked. */
function isChecked(text: string, start: number, end: number): boolean {
  return withChars(text, start, start + 4, withChars(text, start + 4, end, 0)) === 1;
}

/** The remainder after these letters (A is 10) and digits are appended to those with the given remainder. */
function withChars(text: string, from: number, to: number, remainder: number): number {
  let left = remainder;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (isDigit(code)) left = (left * 10 + code - 0x30) % 97;
    else if (isAlphanumeric(code)) left = (left * 100 + (code | 0x20) - 0x57) % 97;
  }
  return left;
}

/** The end of `length` letters and digits with at most one separator between two of them; null if there are fewer. */
function endAfter(text: string, start: number, length: number): number | null {
  let taken = 0;
  let wasGap = false;
  for (let at = start; at < start + LONGEST; at++) {
    const code = text.charCodeAt(at);
    if (isAlphanumeric(code)) {
      wasGap = false;
      if (++taken === length) return at + 1;
    } else if (GAPS.has(code) && !wasGap) wasGap = true;
    else return null;
  }
  return null;
}

/** ` - . / : _` */
const GAPS = new Set([0x20, 0x2d, 0x2e, 0x2f, 0x3a, 0x5f]);

function isAlphanumeric(code: number): boolean {
  const lower = code | 0x20;
  return isDigit(code) || (lower >= 0x61 && lower <= 0x7a);
}
