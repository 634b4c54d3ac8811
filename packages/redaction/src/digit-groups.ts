/** How a group of digits is joined to the one before it, as bits. 0: they do not belong together. */
export const JOINT = {
  /** By a separator within a number: a blank, a dash, a dot; a plus, which is a blank in a URL. */
  grouped: 1,
  /** By a separator within a telephone number: those above, and brackets. */
  loose: 2,
  /** By one mark without blanks: such groups are one number as a whole, or none. */
  tight: 4,
  /** By a slash: parts of one number, or two numbers. */
  slashed: 8,
  /** By a tab: parts of a number, or columns of a table. */
  tabbed: 16,
  /** By a dot only. Exactly two groups that are joined so are an integer and its decimals. */
  dotted: 32,
  /** By a colon, a slash or an underscore, with or without blanks: only a number in one of its usual groupings is meant. */
  odd: 64,
  /** By a comma without a blank. */
  listed: 128,
} as const;

/** The groups of digits of a text, in order; `joints` has one more entry, and 0 at both ends. */
export interface DigitGroups {
  readonly count: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** `joints[i]` is how group i is joined to group i - 1. */
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

/** Whether the code is an ASCII digit; a view has no others. */
export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function jointBetween(text: string, from: number, to: number): number {
  if (to - from > 3) return 0;
  if (to - from === 1) return SINGLE[text.charAt(from)] ?? 0;
  const between = text.slice(from, to);
  let joint = 0;
  if (/^(?: [.-] ?| ?[.-] | {2,3})$/.test(between)) joint |= JOINT.grouped | JOINT.loose;
  if (/^(?: [:/_|] ?|[:/_|] |-{2,3}|\. )$/.test(between)) joint |= JOINT.odd;
  if (/^(?:[ .-]\(|\) ?[.\-/ ]?| [./-] ?|[./-] )$/.test(between)) joint |= JOINT.loose;
  return joint;
}

const SINGLE: Record<string, number | undefined> = {
  ' ': JOINT.grouped | JOINT.loose,
  '-': JOINT.grouped | JOINT.tight,
  '.': JOINT.grouped | JOINT.tight | JOINT.dotted,
  '/': JOINT.slashed | JOINT.odd,
  ':': JOINT.odd,
  _: JOINT.odd,
  ',': JOINT.listed,
  '\t': JOINT.tabbed,
  '+': JOINT.grouped,
  '(': JOINT.loose,
  ')': JOINT.loose,
};

/** Removes the joint of a decimal point. In `+1.4155552671`, `(415) 555.2671` and `415-555.2671` the dot is a separator. */
function partDecimals(text: string, { count, starts, ends, joints }: DigitGroups): void {
  let isInternational = false;
  for (let index = 0; index + 1 < count; index++) {
    const start = starts[index] as number;
    const joint = joints[index] as number;
    const hasPlus = text[start - 1] === '+';
    isInternational = hasPlus || (isInternational && joint !== 0);
    if (!((joints[index + 1] as number) & JOINT.dotted)) continue;
    if ((joint | (joints[index + 2] as number)) & JOINT.dotted) continue;
    if (isInternational && !(hasPlus && (ends[index] as number) - start > LONGEST_CALLING_CODE)) continue;
    if (!/(?:\) ?|\d-)$/.test(text.slice(Math.max(0, start - 2), start))) joints[index + 1] = 0;
  }
}

const LONGEST_CALLING_CODE = 3;

/** Adjacent groups that may be one number: groups `first` to `last`. */
export interface DigitWindow {
  readonly first: number;
  readonly last: number;
  readonly start: number;
  readonly end: number;
}

/** The number of digits of a group. */
export function lengthOf({ starts, ends }: DigitGroups, index: number): number {
  return (ends[index] as number) - (starts[index] as number);
}

/** Whether so many digits are close together anywhere: if not, names of such numbers need not be searched for. */
export function hasDigits(groups: DigitGroups, fewest: number): boolean {
  let digits = 0;
  let end = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < groups.count; index++) {
    const start = groups.starts[index] as number;
    digits = (start - end > LONGEST_SEPARATOR ? 0 : digits) + lengthOf(groups, index);
    if (digits >= fewest) return true;
    end = groups.ends[index] as number;
  }
  return false;
}

const LONGEST_SEPARATOR = 3;

/** The digits without separators. */
export function digitsIn(text: string, { start, end, first, last }: DigitWindow): string {
  const slice = text.slice(start, end);
  return first === last ? slice : slice.replace(/\D+/g, '');
}
