/** How a group of digits is joined to the one before it, as bits. 0: they are parts of nothing common. */
export const JOINT = {
  /** By what people put between the digits of one number: a blank, a dash, a dot; a plus, which is a blank in a URL. */
  grouped: 1,
  /** As parts of a telephone number may be: the above, and brackets. */
  loose: 2,
  /** By one mark without blanks: what is joined so is one thing, whole or not at all. */
  tight: 4,
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
  return { count, starts, ends, joints };
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
  const between = text.slice(from, to);
  if (between.length === 1) return SINGLE[between] ?? 0;
  let joint = 0;
  if (/^(?: [.-] ?| ?[.-] | {2,3})$/.test(between)) joint |= JOINT.grouped | JOINT.loose;
  if (/^(?: \(|\) ?[.\-/ ]?| [./-] ?|[./-] )$/.test(between)) joint |= JOINT.loose;
  return joint;
}

const SINGLE: Record<string, number | undefined> = {
  ' ': JOINT.grouped | JOINT.loose,
  '-': JOINT.grouped | JOINT.tight,
  '.': JOINT.grouped | JOINT.tight,
  '/': JOINT.tight,
  '+': JOINT.grouped,
  '(': JOINT.loose,
  ')': JOINT.loose,
};

/** Neighbouring groups that may be one number: groups `first` to `last`. */
export interface DigitWindow {
  readonly first: number;
  readonly last: number;
  readonly start: number;
  readonly end: number;
}

export interface WindowShape {
  /** How many digits it has. */
  min: number;
  max: number;
  /** Whether such a number may be set with a first group of so many digits, where it stands among other groups. */
  begins: (length: number) => boolean;
  /** Whether it may be set in groups of such lengths. */
  shaped: (lengths: readonly number[]) => boolean;
}

/** All windows that have the right number of digits and are all that is grouped together there, or have the shape. */
export function* windows(groups: DigitGroups, shape: WindowShape): Generator<DigitWindow> {
  const { count, starts, ends, joints } = groups;
  for (let first = 0; first < count; first++) {
    const start = starts[first] as number;
    const isFirst = !((joints[first] as number) & JOINT.grouped);
    if (!isFirst && !shape.begins((ends[first] as number) - start)) continue;
    let total = 0;
    for (let last = first; last < count; last++) {
      if (last > first && !((joints[last] as number) & JOINT.grouped)) break;
      const end = ends[last] as number;
      total += end - (starts[last] as number);
      if (total > shape.max) break;
      if (total < shape.min) continue;
      const isLast = !((joints[last + 1] as number) & JOINT.grouped);
      if ((isFirst && isLast) || shape.shaped(lengthsOf(groups, first, last)))
        yield { first, last, start, end };
    }
  }
}

function lengthsOf({ starts, ends }: DigitGroups, first: number, last: number): number[] {
  const lengths: number[] = [];
  for (let index = first; index <= last; index++)
    lengths.push((ends[index] as number) - (starts[index] as number));
  return lengths;
}

/** How many digits the group has that is grouped with group `first` and goes before it; 0: none is. */
export function joinedBefore({ starts, ends, joints }: DigitGroups, first: number): number {
  if (!((joints[first] as number) & JOINT.grouped)) return 0;
  return (ends[first - 1] as number) - (starts[first - 1] as number);
}

/** How many digits the group has that is grouped with group `last` and follows it; 0: none is. */
export function joinedAfter({ starts, ends, joints }: DigitGroups, last: number): number {
  if (!((joints[last + 1] as number) & JOINT.grouped)) return 0;
  return (ends[last + 1] as number) - (starts[last + 1] as number);
}

/** The digits alone. */
export function digitsIn(text: string, { start, end }: DigitWindow): string {
  const slice = text.slice(start, end);
  return /^\d+$/.test(slice) ? slice : slice.replace(/\D+/g, '');
}

/** Whether letters touch it, or a decimal point does, so that it is a part of something longer. */
export function isPart(text: string, { start, end }: DigitWindow): boolean {
  const [before, after] = [text.charCodeAt(start - 1), text.charCodeAt(end)];
  return (
    isLetter(before) ||
    isLetter(after) ||
    (before === POINT && isDigit(text.charCodeAt(start - 2))) ||
    (after === POINT && isDigit(text.charCodeAt(end + 1)))
  );
}

const POINT = 0x2e;
const UNDERSCORE = 0x5f;

function isLetter(code: number): boolean {
  const lower = code | 0x20;
  if (code < 0x80) return (lower >= 0x61 && lower <= 0x7a) || code === UNDERSCORE;
  return /\p{Script=Latin}/u.test(String.fromCharCode(code));
}
