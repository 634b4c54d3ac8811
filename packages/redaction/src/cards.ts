import { luhn } from 'cdigit';
import creditCardType from 'credit-card-type';
import { type DigitGroups, type DigitWindow, digitsIn, JOINT, lengthOf } from './digit-groups.ts';
import type { Finding } from './finding.ts';
import { isAfterPlus, isPart } from './number-edges.ts';

const FEWEST_DIGITS = 13;
const MOST_DIGITS = 19;
/** A tab also separates the columns of a table; four columns that pass all checks still count as a card's number. */
const JOINTS = JOINT.grouped | JOINT.tabbed;

/** Numbers of credit and debit cards: 13 to 19 digits, of an issuer's range and its length, with a valid check digit (Luhn). */
export function* findCards(text: string, groups: DigitGroups): Generator<Finding> {
  let lastOfCard = Number.NaN;
  for (const found of windows(text, groups)) {
    const { start, end } = found;
    if (isPart(text, found) || isAfterPlus(text, start) || isAmid(groups, found, lastOfCard)) continue;
    if (!luhn.validate(digitsIn(text, found))) continue;
    lastOfCard = found.last;
    yield { kind: 'CREDIT_CARD', start, end };
  }
}

/** All runs of groups that are joined like the digits of a card's number and begin with an issuer's digits. */
function* windows(text: string, groups: DigitGroups): Generator<DigitWindow> {
  const { count, starts, ends, joints } = groups;
  for (let first = 0; first < count; first++) {
    const start = starts[first] as number;
    const issued = LENGTHS[Number(text.slice(start, Math.min(start + 4, ends[first] as number)))] ?? 0;
    if (!issued) continue;
    const isFirst = !((joints[first] as number) & JOINTS);
    let total = 0;
    for (let last = first; last < count; last++) {
      if (last > first && !((joints[last] as number) & JOINTS)) break;
      total += lengthOf(groups, last);
      if (total > MOST_DIGITS) break;
      if (total < FEWEST_DIGITS || !(issued & (1 << total))) continue;
      const isAlone = isFirst && !((joints[last + 1] as number) & JOINTS);
      if (isSet(groups, first, last) || (isAlone && isInFours(groups, first, last)))
        yield { first, last, start, end: ends[last] as number };
    }
  }
}

/** Whether the groups are one piece, or as printed on cards: 4-4-4-4 and longer, 4-6-5 and 4-6-4. */
function isSet(groups: DigitGroups, first: number, last: number): boolean {
  if (first === last) return true;
  if (lengthOf(groups, first) !== 4) return false;
  const ending = lengthOf(groups, last);
  if (last - first === 2) return lengthOf(groups, first + 1) === 6 && (ending === 5 || ending === 4);
  for (let index = first + 1; index < last; index++) if (lengthOf(groups, index) !== 4) return false;
  return last - first >= 3 && ending <= 4;
}

/** Whether some of the four groups are run together: 8-8, 4-8-4 and so on. Only valid if no other group is joined to them. */
function isInFours(groups: DigitGroups, first: number, last: number): boolean {
  for (let index = first; index <= last; index++) if (lengthOf(groups, index) % 4 !== 0) return false;
  return true;
}

/** Whether it is inside a longer row of numbers, and so not a card's: a year or another card may be on one side of it only. */
function isAmid(groups: DigitGroups, { first, last }: DigitWindow, lastOfCard: number): boolean {
  const before = (groups.joints[first] as number) & JOINTS ? lengthOf(groups, first - 1) : 0;
  const after = (groups.joints[last + 1] as number) & JOINTS ? lengthOf(groups, last + 1) : 0;
  return before >= 4 && after >= 4 && first - 1 !== lastOfCard;
}

/** Not in credit-card-type: Visa's old length, and RuPay's ranges (NPCI: 60, 65, 81, 82, 508, 353, 356). */
const MORE_ISSUERS = [
  { patterns: [4], lengths: [13] },
  { patterns: [60, 65, 81, 82, 508, 353, 356], lengths: [16] },
];

/** The possible lengths of a card by its first four digits, as bits. Ranges with longer prefixes are rounded up. */
const LENGTHS: Uint32Array = (() => {
  const table = new Uint32Array(10_000);
  const issuers = creditCardType('').map(({ patterns, lengths }) => ({ patterns, lengths }));
  for (const { patterns, lengths } of [...issuers, ...MORE_ISSUERS]) {
    const bits = lengths.reduce((sum, length) => sum | (1 << length), 0);
    for (const pattern of patterns) {
      const [low, high] = Array.isArray(pattern) ? [pattern[0], pattern.at(-1)] : [pattern, pattern];
      const from = Number(`${low}`.padEnd(4, '0').slice(0, 4));
      const to = Number(`${high}`.padEnd(4, '9').slice(0, 4));
      for (let prefix = from; prefix <= to; prefix++) table[prefix] = (table[prefix] ?? 0) | bits;
    }
  }
  return table;
})();
