import { isLetter, isMultiplied, isMultiplying } from './number-edges.ts';

/** What stands before the first digit of what may be a telephone number. */
export interface Opening {
  /** Where it begins, without a bracket. */
  readonly start: number;
  readonly plus: boolean;
  /** Where its bracket is, if it has one. */
  readonly bracket: number | null;
  /** Whether a word hangs on to it, as in `INV-2026` and in paths: only where something calls it a phone number it is one. */
  readonly hung: boolean;
}

/** What opens a number whose first digit is at `at`. Null: it is a part of something, or an amount. */
export function openingOf(text: string, at: number): Opening | null {
  const [before, further] = [text[at - 1] ?? '', text[at - 2] ?? ''];
  if (before === '+') {
    const plus = !/[\p{L}\d]/u.test(further);
    return { start: plus ? at - 1 : at, plus, bracket: plus && further === '(' ? at - 2 : null, hung: false };
  }
  if (before === '(') {
    const plus = further === '+';
    return { start: plus ? at - 2 : at, plus, bracket: plus ? null : at - 1, hung: false };
  }
  if (/[#$€£₹¥%]/.test(before) || (before !== '_' && isLetter(before.charCodeAt(0)))) return null;
  if (isDecimal(text, at, before, further) || isMultiplied(text, at)) return null;
  const hung = /[-_]/.test(before) ? /[\p{L}\d]/u.test(further) : before === '/' && /\p{L}/u.test(further);
  return { start: at, plus: false, bracket: null, hung };
}

/** After a decimal point; a comma is one after a zero, else it parts two numbers. */
function isDecimal(text: string, at: number, before: string, further: string): boolean {
  if (before === '.') return /\d/.test(further);
  return before === ',' && further === '0' && !/\d/.test(text[at - 3] ?? '');
}

/** Its bracket belongs to it where that closes within it. */
export function startOf(text: string, { start, bracket }: Opening, begin: number, end: number): number {
  return bracket !== null && text.slice(begin, end).includes(')') ? bracket : start;
}

/** Whether what follows makes it a part of something, or an amount. */
export function isFollowed(text: string, end: number): boolean {
  const next = text.charCodeAt(end);
  if (next < 0x30 && !MARKS.has(next)) return false;
  const following = text.slice(end, end + 5);
  if (/^(?:[%$€£₹]|[.:]\d)/.test(following)) return true;
  if (/^,\d{3}(?!\d)/.test(following)) return /(?<!\d)\d{1,3}$/.test(text.slice(Math.max(0, end - 4), end));
  return isMultiplying(text, end) || (isLetter(next) && endOf(text, end) === end);
}

/** Of those before the digits and letters, what can follow a number of which it is a part: `$ % * , .` */
const MARKS = new Set([0x24, 0x25, 0x2a, 0x2c, 0x2e]);

const EXTENSION = /^(?:;ext=|,? ?(?:ext(?:n|ension)?\.?|x|#) ?)\d{1,6}(?![\w-])/i;

/** With its extension. */
export function endOf(text: string, end: number): number {
  return end + (EXTENSION.exec(text.slice(end, end + 20))?.[0].length ?? 0);
}
