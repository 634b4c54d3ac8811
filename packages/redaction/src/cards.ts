import { luhn } from 'cdigit';
import creditCardType from 'credit-card-type';
import { type DigitGroups, type DigitWindow, digitsIn, hasDigits, JOINT, lengthOf } from './digit-groups.ts';
import type { Finding } from './finding.ts';
import { fitting, namedNumbers } from './named-numbers.ts';
import { Naming } from './naming.ts';
import { isAfterPlus, isPart } from './number-edges.ts';
import { CARD_WORDS } from './words/own-words.ts';

const MAESTRO = 'maestro';
const FEWEST_DIGITS = 13;
const MOST_DIGITS = 19;
/** A tab also separates the columns of a table; four columns that pass all checks still count as a card's number. */
const JOINTS = JOINT.grouped | JOINT.tabbed | JOINT.odd;
const CARD = new Naming(CARD_WORDS);
const NAMES = new RegExp(CARD_WORDS, 'gi');

/**
 * Numbers of credit and debit cards: 13 to 19 digits, of an issuer's range and its length, with a valid check digit (Luhn),
 * unless the nearest word calls them something else; and any number of a card's length that is directly called a card's.
 * @param words the text for words, of the same length
 */
export function* findCards(text: string, groups: DigitGroups, words: string): Generator<Finding> {
  let lastOfCard = Number.NaN;
  for (const found of windows(text, groups)) {
    const { start, end } = found;
    if (isPart(text, found) || isAfterPlus(text, start) || isAmid(groups, found, lastOfCard)) continue;
    const digits = digitsIn(text, found);
    if (!luhn.validate(digits) || isOther(words, groups, found, digits)) continue;
    lastOfCard = found.last;
    yield { kind: 'CREDIT_CARD', start, end };
  }
  if (!hasDigits(groups, FEWEST_DIGITS)) return;
  for (const named of namedNumbers(words, text, NAMES)) {
    const found = fitting(text, named, (digits, isWhole) => isOfCard(digits, isWhole));
    if (found) yield { kind: 'CREDIT_CARD', ...found };
  }
}

/** Whether words say that it is something else. Groups as on cards are rarely other numbers, so only a direct name counts. */
function isOther(
  words: string,
  groups: DigitGroups,
  { first, last, start, end }: DigitWindow,
  digits: string,
): boolean {
  if (first !== last && isSet(groups, first, last)) return CARD.isDirectlyOther(words, start);
  const called = CARD.of(words, start, end);
  return called === 'other' || (called === null && !(lengthsOf(digits, LENGTHS) & (1 << digits.length)));
}

/** Whether a number after a word for cards is one: with a wrong check digit only if all of it has a card's usual length. */
function isOfCard(digits: string, isWhole: boolean): boolean {
  if (!(lengthsOf(digits, ALL_LENGTHS) & (1 << digits.length))) return false;
  return luhn.validate(digits) || (isWhole && (digits.length === 16 || /^3[47]\d{13}$/.test(digits)));
}

function lengthsOf(digits: string, table: Uint32Array): number {
  return table[Number(digits.slice(0, 4))] ?? 0;
}

/** All runs of groups that are joined like the digits of a card's number and begin with an issuer's digits. */
function* windows(text: string, groups: DigitGroups): Generator<DigitWindow> {
  const { count, starts, ends, joints } = groups;
  for (let first = 0; first < count; first++) {
    const start = starts[first] as number;
    const issued = lengthsOf(text.slice(start, Math.min(start + 4, ends[first] as number)), ALL_LENGTHS);
    if (!issued) continue;
    const isFirst = !((joints[first] as number) & JOINTS);
    let total = 0;
    for (let last = first; last < count; last++) {
      if (last > first && !((joints[last] as number) & JOINTS)) break;
      if (last > first + 1 && ((joints[last] as number) ^ (joints[first + 1] as number)) & JOINT.odd) break;
      total += lengthOf(groups, last);
      if (total > MOST_DIGITS) break;
      if (total < FEWEST_DIGITS || !(issued & (1 << total))) continue;
      const isAlone =
        isFirst && !((joints[last + 1] as number) & JOINTS) && !((joints[last] as number) & JOINT.odd);
      if (isSet(groups, first, last) || (isAlone && isInFours(groups, first, last)))
        yield { first, last, start, end: ends[last] as number };
    }
  }
}

/** Whether the groups are one piece, or as printed on cards: 4-4-4-4 and longer, 4-6-5, 4-6-4 and 4-5-6. */
function isSet(groups: DigitGroups, first: number, last: number): boolean {
  if (first === last) return true;
  if (lengthOf(groups, first) !== 4) return false;
  const ending = lengthOf(groups, last);
  if (last - first === 2) {
    const middle = lengthOf(groups, first + 1);
    return (middle === 6 && (ending === 5 || ending === 4)) || (middle === 5 && ending === 6);
  }
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

/** Not in credit-card-type: Visa's old length, airlines' cards (UATP), all of UnionPay's, and RuPay's ranges (NPCI: 60, 65, 81, 82, 508, 353, 356). */
const MORE_ISSUERS = [
  { patterns: [1], lengths: [15] },
  { patterns: [62], lengths: [16, 17, 18, 19] },
  { patterns: [4], lengths: [13] },
  { patterns: [60, 65, 81, 82, 508, 353, 356], lengths: [16] },
];

/** The possible lengths of a card by its first four digits, as bits. Ranges with longer prefixes are rounded up. */
const [LENGTHS, ALL_LENGTHS] = [tableOf((type) => type !== MAESTRO), tableOf(() => true)];

function tableOf(counts: (type: string) => boolean): Uint32Array {
  const table = new Uint32Array(10_000);
  const issuers = creditCardType('').map(({ type, patterns, lengths }) => ({
    patterns,
    // Maestro's cards have 12 to 19 digits and begin like many other numbers; those that are in use have 16.
    lengths: lengths.filter((length) => length === 16 || counts(type)),
  }));
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
}
