import type { RedactionKind } from '../src/finding.ts';
import type { Sample } from './corpus.ts';
import { type Dice, MAKE } from './values.ts';

const MARK = /«([A-Z_]+)(?: ([^»]*))?»/;

/** A sample from a text with each expected finding as `«KIND value»`, or as `«KIND»` for a generated value. */
export function marked(text: string, dice: Dice): Sample {
  const expected: Sample['expected'][number][] = [];
  let plain = text;
  for (let mark = MARK.exec(plain); mark; mark = MARK.exec(plain)) {
    const kind = mark[1] as RedactionKind;
    const value = mark[2] ?? MAKE[kind](dice);
    plain = plain.slice(0, mark.index) + value + plain.slice(mark.index + mark[0].length);
    expected.push({ kind, start: mark.index, end: mark.index + value.length });
  }
  return { text: plain, expected };
}
