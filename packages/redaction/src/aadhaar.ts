import { verhoeff } from 'cdigit';
import { type DigitGroups, type DigitWindow, digitsIn, hasDigits, JOINT, lengthOf } from './digit-groups.ts';
import type { Finding } from './finding.ts';
import { fitting, namedNumbers } from './named-numbers.ts';
import { Naming } from './naming.ts';
import { isAfterPlus, isPart } from './number-edges.ts';
import { AADHAAR_NAMES, AADHAAR_WORDS } from './words/own-words.ts';

/**
 * Aadhaar numbers: twelve digits in one piece or in fours, the first from 2 to 9, with a valid check digit (Verhoeff; UIDAI),
 * unless the nearest word calls them something else; and twelve digits in any groups that are directly called Aadhaar.
 * @param words the text for words, of the same length
 */
export function* findAadhaars(text: string, groups: DigitGroups, words: string): Generator<Finding> {
  for (let first = 0; first < groups.count; ) {
    const row = rowOfFours(groups, first);
    const found = row > 0 ? inRow(text, groups, first, row) : inOnePiece(text, groups, first, words);
    for (const { start, end } of found)
      if (row === 0 || !AADHAAR.isDirectlyOther(words, start)) yield { kind: 'AADHAAR', start, end };
    first += row || 1;
  }
  if (!hasDigits(groups, 12)) return;
  for (const named of namedNumbers(words, text, NAMES)) {
    const found = fitting(text, named, isOfAadhaar);
    if (found) yield { kind: 'AADHAAR', ...found };
  }
}

const AADHAAR = new Naming(AADHAAR_WORDS);
const NAMES = new RegExp(AADHAAR_NAMES, 'gi');

/** Whether a number after a word for Aadhaar is one: with a wrong check digit only if it has no further digits. */
function isOfAadhaar(digits: string, isWhole: boolean): boolean {
  return /^[2-9]\d{11}$/.test(digits) && (isWhole || verhoeff.validate(digits));
}

/** The number of joined groups of four digits from this one on. */
function rowOfFours(groups: DigitGroups, first: number): number {
  let next = first;
  const kind = ((groups.joints[first + 1] as number) & JOINT.odd) !== 0 ? JOINT.odd : JOINT.grouped;
  while (
    next < groups.count &&
    lengthOf(groups, next) === 4 &&
    (next === first || isJoined(groups, next, kind))
  )
    next++;
  return next - first;
}

function isJoined({ joints }: DigitGroups, index: number, kind: number): boolean {
  return ((joints[index] as number) & kind) !== 0;
}

function inOnePiece(text: string, groups: DigitGroups, index: number, words: string): DigitWindow[] {
  if (lengthOf(groups, index) !== 12) return [];
  const found = windowOf(groups, index, index);
  const { start, end } = found;
  if (TIME.test(text.slice(start, end)) || isAccount(text, start) || !isAadhaar(text, found)) return [];
  return AADHAAR.of(words, start, end) === 'other' ? [] : [found];
}

/** Year, month, day, hour and minute. */
const TIME = /^20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d$/;

/** Amazon's accounts also have twelve digits; they are in names of resources, or are called accounts. */
function isAccount(text: string, start: number): boolean {
  return ACCOUNT.test(text.slice(Math.max(0, start - REACH_OF_ACCOUNT), start));
}

const REACH_OF_ACCOUNT = 60;
const ACCOUNT = /(?:\barn:aws[\w:./-]*[:/-]|(?:account|owner)s?[ _-]?(?:ids?|number|no)?["'`\s:=]{1,5})$/i;

/**
 * The Aadhaar numbers in a row of fours. Three fours are one. In a longer row, either every three fours are one; or the
 * first three after the name Aadhaar are; or, of four fours, the one left over is a year or has its own name. Else the row
 * is part of a card's or another number.
 */
function inRow(text: string, groups: DigitGroups, first: number, row: number): DigitWindow[] {
  const threeAt = (index: number) => windowOf(groups, index, index + 2);
  const valid = (found: DigitWindow) => isAadhaar(text, found);
  if (row < 3) return [];
  if (row % 3 === 0) {
    const all = Array.from({ length: row / 3 }, (_, index) => threeAt(first + 3 * index));
    if (all.every(valid)) return all;
  }
  const start = groups.starts[first] as number;
  if (row > 3 && CALLED.test(text.slice(Math.max(0, start - REACH), start)))
    return [threeAt(first)].filter(valid);
  if (row !== 4) return [];
  if (isYear(text, groups, first + 3)) return [threeAt(first)].filter(valid);
  const isAside = isYear(text, groups, first) || ASIDE.test(text.slice(Math.max(0, start - REACH), start));
  return isAside ? [threeAt(first + 1)].filter(valid) : [];
}

const REACH = 24;
const CALLED = /(?:aadhaa?r|uidai|\buid\b|आधार)[^\d\n]*$/i;
const ASIDE = /\b(?:pin|otp|code|cvv|year|yob|dob|room|flat)[\s.:=]{1,3}$/i;

function windowOf({ starts, ends }: DigitGroups, first: number, last: number): DigitWindow {
  return { first, last, start: starts[first] as number, end: ends[last] as number };
}

function isAadhaar(text: string, found: DigitWindow): boolean {
  if (isPart(text, found) || isAfterPlus(text, found.start)) return false;
  const digits = digitsIn(text, found);
  return digits >= '2' && !YEARS.test(digits) && verhoeff.validate(digits);
}

/** Three years in a row. */
const YEARS = /^(?:(?:19|20)\d\d){3}$/;

function isYear(text: string, { starts, ends }: DigitGroups, index: number): boolean {
  return /^(?:19|20)\d\d$/.test(text.slice(starts[index], ends[index]));
}
