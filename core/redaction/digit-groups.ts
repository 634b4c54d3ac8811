/** How a group of digits is joined to the one before it, as bits. 0: they are parts of nothing common. */
export const JOINT = {
  /** By what people put between the digits of one number: a blank, a dash, a dot; a plus, which is a blank in a URL. */
  grouped: 1,
  /** As parts of a telephone number may be: the above, and brackets. */
  loose: 2,
  /** By one mark without blanks: what is joined so is one thing, whole or not at all. */
  tight: 4,
  /** By a slash: parts of one thing, or two things side by side. */
  slashed: 8,
  /** By a tab: parts of a number, or columns of a table. */
  tabbed: 16,
  /** By a dot alone. Of two groups that are joined so, and no more, one is an integer and the other its decimals. */
  dotted: 32,
} as const;

/** The stretches of digits of a text, in order; `joints` has an entry more, and 0 at both ends. */
export interface DigitGroups {
  readonly count: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** `joints[i]` tells how group i is joined to group i - 1. */
  readonly joints: Uint8Array;
}

export function digitGroups(text: string): DigitGroups {
  let count = 0;
  let starts = new Int32Array(64);
  let ends = new Int32Array(64);
  for (let at = 0; at < text.length; at++) {
    if (!isDigit(text.charCodeAt(at))) continue;
    if (count === starts.length) [starts, ends] = [grown(starts), grown(ends)];
    starts[count] = at;
    while (isDigit(text.charCodeAt(at))) at++;
    ends[count++] = at;
  }
  const joints = new Uint8Array(count + 1);
  for (let index = 1; index < count; index++)
    joints[index] = jointBetween(text, ends[index - 1] as number, starts[index] as number);
  const groups = { count, starts, ends, joints };
  partDecimals(text, groups);
  return groups;
}

function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 4);
  larger.set(array);
  return larger;
}

/** Of an ASCII digit; a view has no others. */
export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function jointBetween(text: string, from: number, to: number): number {
  if (to - from > 3) return 0;
  if (to - from === 1) return SINGLE[text.charAt(from)] ?? 0;
  const between = text.slice(from, to);
  let joint = 0;
  if (/^(?: [.-] ?| ?[.-] | {2,3})$/.test(between)) joint |= JOINT.grouped | JOINT.loose;
  if (/^(?: \(|\) ?[.\-/ ]?| [./-] ?|[./-] )$/.test(between)) joint |= JOINT.loose;
  return joint;
}

const SINGLE: Record<string, number | undefined> = {
  ' ': JOINT.grouped | JOINT.loose,
  '-': JOINT.grouped | JOINT.tight,
  '.': JOINT.grouped | JOINT.tight | JOINT.dotted,
  '/': JOINT.slashed,
  '\t': JOINT.tabbed,
  '+': JOINT.grouped,
  '(': JOINT.loose,
  ')': JOINT.loose,
};

/** Undoes the joint of a decimal point. After a plus, a bracket or a dash it is a mark within a number: `(415) 555.2671`. */
function partDecimals(text: string, { count, starts, joints }: DigitGroups): void {
  let isInternational = false;
  for (let index = 0; index + 1 < count; index++) {
    const start = starts[index] as number;
    const joint = joints[index] as number;
    isInternational = text[start - 1] === '+' || (isInternational && joint !== 0);
    if (!((joints[index + 1] as number) & JOINT.dotted)) continue;
    if ((joint | (joints[index + 2] as number)) & JOINT.dotted || isInternational) continue;
    if (!/(?:\) ?|\d-)$/.test(text.slice(start - 2, start))) joints[index + 1] = 0;
  }
}

/** Neighbouring groups that may be one number: groups `first` to `last`. */
export interface DigitWindow {
  readonly first: number;
  readonly last: number;
  readonly start: number;
  readonly end: number;
}

/** How many digits a group has. */
export function lengthOf({ starts, ends }: DigitGroups, index: number): number {
  return (ends[index] as number) - (starts[index] as number);
}

/** The digits alone. */
export function digitsIn(text: string, { start, end, first, last }: DigitWindow): string {
  const slice = text.slice(start, end);
  return first === last ? slice : slice.replace(/\D+/g, '');
}

/** Whether letters touch it, or a decimal point does, so that it is a part of something longer. */
export function isPart(text: string, { start, end }: DigitWindow): boolean {
  const [before, after] = [text.charCodeAt(start - 1), text.charCodeAt(end)];
  return (
    (isLetter(before) && !(before === UNDERSCORE && isNamed(text, start))) ||
    isLetter(after) ||
    (before === POINT && isDigit(text.charCodeAt(start - 2))) ||
    (after === POINT && isDigit(text.charCodeAt(end + 1)))
  );
}

/** A plus that begins something is a telephone number's; one within something is a blank of a URL. */
export function isAfterPlus(text: string, start: number): boolean {
  return text[start - 1] === '+' && !/[\w=]/.test(text[start - 2] ?? '');
}

const POINT = 0x2e;
const UNDERSCORE = 0x5f;

/** Of a letter or an underscore. Only Latin: in a script without blanks the prose goes right up to a number. */
export function isLetter(code: number): boolean {
  const lower = code | 0x20;
  if (code < 0x80) return (lower >= 0x61 && lower <= 0x7a) || code === UNDERSCORE;
  return LATIN.test(String.fromCharCode(code));
}

const LATIN = /\p{Script=Latin}/u;

/** Whether it hangs by an underscore on a name that says what it is, such as `card_` or `aadhaar_no_`. */
function isNamed(text: string, start: number): boolean {
  return NAMES.test(text.slice(Math.max(0, start - LONGEST_NAME), start));
}

const LONGEST_NAME = 24;
const NAMES =
  /(?<![A-Za-z0-9])(?:card|cc|pan|visa|mastercard|amex|rupay|debit|credit|aadhaa?r|uid)(?:_?(?:no|num|number))?_$/i;
