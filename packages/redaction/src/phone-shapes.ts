/** How a telephone number may be written. */
export interface PhoneShape {
  readonly mostGroups: number;
  /** How many digits each group but the first has at least. */
  readonly fewestDigits: number;
  /** Whether it begins as nothing else does, so that slashes, and dashes between blanks, may be within it. */
  readonly isSure: boolean;
}

/** Also after a prefix for calls abroad. */
const INTERNATIONAL: PhoneShape = { mostGroups: 8, fewestDigits: 1, isSure: true };
/** After the zero of calls within a country, as in `01 42 68 53 00`. */
const WITH_PREFIX: PhoneShape = { mostGroups: 5, fewestDigits: 1, isSure: true };
/** Where neither a plus nor a zero begins it; else rows of small numbers would be taken for one. */
const PLAIN: PhoneShape = { mostGroups: 4, fewestDigits: 3, isSure: false };

/** By how it begins: the first group is all of `[begin, end)`. */
export function shapeOf(text: string, begin: number, end: number, plus: boolean): PhoneShape {
  if (plus || text.startsWith('00', begin) || text.startsWith('011', begin)) return INTERNATIONAL;
  const isZero = end - begin === 1 && text[end] !== ')';
  return text[begin] === '0' && !isZero ? WITH_PREFIX : PLAIN;
}

/** Whether two groups that are joined so are not parts of one: of a fraction, a list or a citation; a term and the next. */
export function isParted(between: string, firstLength: number): boolean {
  if (between.includes('/') || between === '. ') return true;
  return firstLength < 3 && between.length > 1 && !/[()]/.test(between);
}

const DOTTED_QUAD = /^\d{1,3}(?:\.\d{1,3}){3}$/;
/** `9 876 543 210` */
const THOUSANDS = /^\d{1,2}(?: \d{3})+$/;
/** `60000-70000` */
const ROUND = /^\d+00(?:\D+\d+00)+$/;
/** `33 (1979) 1361`, and what begins or ends within brackets. */
const CITATION = /(?:^|\()(?:19|20)\d\d\)|\([^)]*$/;
/** `1800-2009` */
const YEARS = /^(?:1\d|20)\d\d\D+(?:1\d|20)\d\d$/;
/** `12441-12569`: so mobiles alone are written, in India. */
const FIVES = /^[1-5]\d{4}\D+\d{5}$/;

/** Whether it is rather an IP address, or what was to be one, an amount, a place in a book, or so many numbers. */
export function isRow(written: string): boolean {
  return [DOTTED_QUAD, THOUSANDS, ROUND, CITATION, YEARS, FIVES].some((row) => row.test(written));
}

/** Ten digits that are a time in seconds since 1970, from 2001 to 2033. */
export function isEpoch(written: string): boolean {
  return /^1\d{9}$/.test(written);
}
