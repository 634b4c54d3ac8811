import { verhoeff } from 'cdigit';
import { type DigitGroups, type DigitWindow, digitsIn, JOINT, lengthOf } from './digit-groups.ts';
import type { Finding } from './finding.ts';
import { isAfterPlus, isPart } from './number-edges.ts';

/** Aadhaar numbers: twelve digits, the first from 2 to 9, with a right check digit (Verhoeff; UIDAI). In one piece, or in fours. */
export function* findAadhaars(text: string, groups: DigitGroups): Generator<Finding> {
  for (let first = 0; first < groups.count; ) {
    const row = rowOfFours(groups, first);
    const found = row > 0 ? inRow(text, groups, first, row) : inOnePiece(text, groups, first);
    for (const { start, end } of found) yield { kind: 'AADHAAR', start, end };
    first += row || 1;
  }
}

/** How many groups of four digits are grouped together from this one on. */
function rowOfFours(groups: DigitGroups, first: number): number {
  let next = first;
  while (next < groups.count && lengthOf(groups, next) === 4 && (next === first || isJoined(groups, next)))
    next++;
  return next - first;
}

function isJoined({ joints }: DigitGroups, index: number): boolean {
  return ((joints[index] as number) & JOINT.grouped) !== 0;
}

function inOnePiece(text: string, groups: DigitGroups, index: number): DigitWindow[] {
  if (lengthOf(groups, index) !== 12) return [];
  const found = windowOf(groups, index, index);
  const isOther = TIME.test(text.slice(found.start, found.end)) || isAccount(text, found.start);
  return !isOther && isAadhaar(text, found) ? [found] : [];
}

/** Year, month, day, hour and minute. */
const TIME = /^20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d$/;

/** Amazon's accounts have twelve digits too, in names of resources and where they are called so. */
function isAccount(text: string, start: number): boolean {
  return ACCOUNT.test(text.slice(Math.max(0, start - REACH_OF_ACCOUNT), start));
}

const REACH_OF_ACCOUNT = 60;
const ACCOUNT = /(?:\barn:aws[\w:./-]*[:/-]|(?:account|owner)s?[ _-]?(?:ids?|number|no)?["'`\s:=]{1,5})$/i;

/**
 * Three fours are one. Of more, every three must be, or it is a row of other numbers; or one is the first number after
 * its name; or, of four, the one that is left over is a year, or is called something itself. Else they are a stretch of
 * a card's number, or of another's.
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
