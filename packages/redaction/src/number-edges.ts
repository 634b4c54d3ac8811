import { type DigitWindow, isDigit } from './digit-groups.ts';

/** Whether it is part of something longer: a letter, a decimal point or an arithmetic operator is next to it. */
export function isPart(text: string, { start, end }: DigitWindow): boolean {
  const [before, after] = [text.charCodeAt(start - 1), text.charCodeAt(end)];
  return (
    (isLetter(before) && !isNamed(text, start)) ||
    isLetter(after) ||
    (before === POINT && isDigit(text.charCodeAt(start - 2))) ||
    (after === POINT && isDigit(text.charCodeAt(end + 1))) ||
    isMultiplied(text, start) ||
    isMultiplying(text, end)
  );
}

/** Whether a plus of a telephone number precedes it. A plus inside a word or a value is a blank of a URL. */
export function isAfterPlus(text: string, start: number): boolean {
  return text[start - 1] === '+' && !/[\w=]/.test(text[start - 2] ?? '');
}

/** Whether an arithmetic operator precedes it, as in `p**3` and `2^31`. Asterisks without an operand are Markdown. */
export function isMultiplied(text: string, start: number): boolean {
  return (
    /[*^]/.test(text[start - 1] ?? '') && /[\w)][*^]{1,2}$/.test(text.slice(Math.max(0, start - 3), start))
  );
}

/** Whether an arithmetic operator follows it, as in `3*p`. */
export function isMultiplying(text: string, end: number): boolean {
  return /[*^]/.test(text[end] ?? '') && /^[*^]{1,2}[\w(]/.test(text.slice(end, end + 3));
}

const POINT = 0x2e;
const UNDERSCORE = 0x5f;

/** Whether the code is a Latin letter or an underscore. In a script without blanks, text directly precedes a number. */
export function isLetter(code: number): boolean {
  const lower = code | 0x20;
  if (code < 0x80) return (lower >= 0x61 && lower <= 0x7a) || code === UNDERSCORE;
  return LATIN.test(String.fromCharCode(code));
}

const LATIN = /\p{Script=Latin}/u;

/** Whether a name of its kind directly precedes it, such as `card_`, `aadhaar_no_` or `Visa`. */
function isNamed(text: string, start: number): boolean {
  return NAMES.test(text.slice(Math.max(0, start - LONGEST_NAME), start));
}

const LONGEST_NAME = 24;
const NAMES =
  /(?<![A-Za-z0-9])(?:card|cc|pan|visa|mastercard|amex|debit|credit|rupay|vid|aa?dh?aa?r|uid)(?:_?(?:no|num|number))?_?$/i;
