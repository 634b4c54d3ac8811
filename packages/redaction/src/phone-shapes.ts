/** The allowed grouping of a telephone number. */
export interface PhoneShape {
  readonly mostGroups: number;
  /** The fewest digits of each group except the first. */
  readonly fewestDigits: number;
  /** Whether its beginning is unmistakable, so that it may contain slashes, and dashes between blanks. */
  readonly isSure: boolean;
}

/** After a plus or a prefix for international calls. */
const INTERNATIONAL: PhoneShape = { mostGroups: 8, fewestDigits: 1, isSure: true };
/** After the zero of national calls, as in `01 42 68 53 00`. */
const WITH_PREFIX: PhoneShape = { mostGroups: 5, fewestDigits: 1, isSure: true };
/** Without a plus or a zero at the beginning. It is strict, as rows of small numbers would match otherwise. */
const PLAIN: PhoneShape = { mostGroups: 4, fewestDigits: 3, isSure: false };

/** The shape by the beginning: `[begin, end)` is the first group. */
export function shapeOf(text: string, begin: number, end: number, plus: boolean): PhoneShape {
  if (plus || text.startsWith('00', begin) || text.startsWith('011', begin)) return INTERNATIONAL;
  const isZero = end - begin === 1 && text[end] !== ')';
  return text[begin] === '0' && !isZero ? WITH_PREFIX : PLAIN;
}

/** Whether the characters between two groups separate two numbers, as in a fraction, a list or a citation. */
export function isParted(between: string, firstLength: number): boolean {
  if (between.includes('/') || between === '. ') return true;
  return firstLength < 3 && between.length > 1 && !/[()]/.test(between);
}

const DOTTED_QUAD = /^\d{1,3}(?:\.\d{1,3}){3}$/;
/** `9 876 543 210` */
const THOUSANDS = /^\d{1,2}(?: \d{3})+$/;
/** `60000-70000` */
const ROUND = /^\d+00(?:\D+\d+00)+$/;
/** `33 (1979) 1361`, and numbers that begin or end inside brackets. */
const CITATION = /(?:^|\()(?:19|20)\d\d\)|\([^)]*$/;
/** `1800-2009` */
const YEARS = /^(?:1\d|20)\d\d\D+(?:1\d|20)\d\d$/;
/** `12441-12569`: only mobile numbers, in India, are written in two fives. */
const FIVES = /^[1-5]\d{4}\D+\d{5}$/;

/** Whether it is rather an IP address or similar, an amount, a place in a book, or a row of numbers. */
export function isRow(written: string): boolean {
  return [DOTTED_QUAD, THOUSANDS, ROUND, CITATION, YEARS, FIVES].some((row) => row.test(written));
}

/** Whether it is a time in seconds since 1970, which has ten digits from 2001 to 2033. */
export function isEpoch(written: string): boolean {
  return /^1\d{9}$/.test(written);
}
