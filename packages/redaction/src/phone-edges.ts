import { isLetter, isMultiplied, isMultiplying } from './number-edges.ts';

/** The characters before the first digit of a possible telephone number. */
export interface Opening {
  /** The start without a bracket. */
  readonly start: number;
  readonly plus: boolean;
  /** The position of its bracket; null if it has none. */
  readonly bracket: number | null;
  /** Whether a word is joined to it, as in `INV-2026` and in paths: then it must also be called a phone number. */
  readonly hung: boolean;
}

/** The opening of a number whose first digit is at `at`; null: it is part of something else, or an amount. */
export function openingOf(text: string, at: number): Opening | null {
  const [before, further] = [text[at - 1] ?? '', text[at - 2] ?? ''];
  if (before === '+') {
    const plus = !(/\d/.test(further) || isLetter(further.charCodeAt(0)));
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

/** Whether it follows a decimal point. A comma is one after a zero, else it separates two numbers. */
function isDecimal(text: string, at: number, before: string, further: string): boolean {
  if (before === '.') return /\d/.test(further);
  return before === ',' && further === '0' && !/\d/.test(text[at - 3] ?? '');
}

/** The start of the number: with its bracket if the bracket closes inside the number. */
export function startOf(text: string, { start, bracket }: Opening, begin: number, end: number): number {
  return bracket !== null && text.slice(begin, end).includes(')') ? bracket : start;
}

/** Whether the following text makes it part of something else, or an amount. */
export function isFollowed(text: string, end: number): boolean {
  const next = text.charCodeAt(end);
  if (next < 0x30 && !MARKS.has(next)) return false;
  const following = text.slice(end, end + 5);
  if (/^(?:[%$€£₹]|[.:]\d)/.test(following)) return true;
  if (/^,\d{3}(?!\d)/.test(following)) return /(?<!\d)\d{1,3}$/.test(text.slice(Math.max(0, end - 4), end));
  return isMultiplying(text, end) || (isLetter(next) && endOf(text, end) === end);
}

/** Characters with codes below the digits that can make a number part of something longer: `$ % * , .` */
const MARKS = new Set([0x24, 0x25, 0x2a, 0x2c, 0x2e]);

const EXTENSION = /^(?:;ext=|,? ?(?:ext(?:n|ension)?\.?|x|#) ?)\d{1,6}(?![\w-])/i;

/** The end of the number with its extension. */
export function endOf(text: string, end: number): number {
  return end + (EXTENSION.exec(text.slice(end, end + 20))?.[0].length ?? 0);
}
