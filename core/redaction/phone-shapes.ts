/** In how many groups a telephone number may be written, and how many digits each but the first has at least. */
export interface PhoneShape {
  readonly mostGroups: number;
  readonly fewestDigits: number;
}

/** Also after a prefix for calls abroad. */
const INTERNATIONAL: PhoneShape = { mostGroups: 8, fewestDigits: 1 };
/** After the zero of calls within a country, as in `01 42 68 53 00`. */
const WITH_PREFIX: PhoneShape = { mostGroups: 5, fewestDigits: 1 };
/** Where neither a plus nor a zero begins it; else rows of small numbers would be taken for one. */
const PLAIN: PhoneShape = { mostGroups: 4, fewestDigits: 3 };

/** By how it begins. */
export function shapeOf(text: string, begin: number, plus: boolean): PhoneShape {
  if (plus || text.startsWith('00', begin) || text.startsWith('011', begin)) return INTERNATIONAL;
  return text[begin] === '0' ? WITH_PREFIX : PLAIN;
}

const DOTTED_QUAD = /^\d{1,3}(?:\.\d{1,3}){3}$/;
/** `9 876 543 210` */
const THOUSANDS = /^\d{1,2}(?: \d{3})+$/;
/** `60000-70000` */
const ROUND = /^\d+00(?:\D+\d+00)+$/;

/** Whether it is rather an IP address, or what was to be one, an amount, or so many round numbers. */
export function isRow(written: string): boolean {
  return DOTTED_QUAD.test(written) || THOUSANDS.test(written) || ROUND.test(written);
}

/** Ten digits that are a time in seconds since 1970, from 2001 to 2033. */
export function isEpoch(written: string): boolean {
  return /^1\d{9}$/.test(written);
}
