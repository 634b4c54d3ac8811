import { verhoeff } from 'cdigit';
import {
  type DigitGroups,
  type DigitWindow,
  digitsIn,
  isPart,
  joinedAfter,
  joinedBefore,
  windows,
} from './digit-groups.ts';
import type { Finding } from './finding.ts';

/** Aadhaar numbers: twelve digits, the first from 2 to 9, with a right check digit (Verhoeff; UIDAI). */
export function* findAadhaars(text: string, groups: DigitGroups): Generator<Finding> {
  for (const found of windows(groups, { min: 12, max: 12, begins, shaped })) {
    const { start, end } = found;
    if (isPart(text, found) || text[start - 1] === '+' || isOfLonger(groups, found)) continue;
    const digits = digitsIn(text, found);
    if (digits >= '2' && verhoeff.validate(digits)) yield { kind: 'AADHAAR', start, end };
  }
}

const begins = (length: number) => length === 4 || length === 12;

function shaped(lengths: readonly number[]): boolean {
  return lengths.length === 1 || (lengths.length === 3 && lengths.every((length) => length === 4));
}

/** Whether four digits or more are joined to it: then it is a stretch of a card's number, or of another's. */
function isOfLonger(groups: DigitGroups, { first, last }: DigitWindow): boolean {
  return joinedBefore(groups, first) >= 4 || joinedAfter(groups, last) >= 4;
}
