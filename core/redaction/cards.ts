import { luhn } from 'cdigit';
import creditCardType from 'credit-card-type';
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

/** Numbers of credit and debit cards: 13 to 19 digits, of an issuer's range and its length, with a right check digit (Luhn). */
export function* findCards(text: string, groups: DigitGroups): Generator<Finding> {
  for (const found of windows(groups, { min: 13, max: 19, begins, shaped })) {
    const { start, end } = found;
    if (isPart(text, found) || isInternational(text, start) || isAmid(groups, found)) continue;
    const digits = digitsIn(text, found);
    if (isIssued(digits) && luhn.validate(digits)) yield { kind: 'CREDIT_CARD', start, end };
  }
}

const begins = (length: number) => length === 4 || length >= 13;

/** As they are printed on cards: 4-4-4-4 and longer, 4-6-5 and 4-6-4; or in one piece. */
function shaped(lengths: readonly number[]): boolean {
  if (lengths.length === 1) return true;
  if (lengths.length === 3)
    return lengths[0] === 4 && lengths[1] === 6 && (lengths[2] === 5 || lengths[2] === 4);
  const last = lengths.at(-1) ?? 0;
  return lengths.length >= 4 && last <= 4 && lengths.slice(0, -1).every((length) => length === 4);
}

/** In a row of four-digit numbers none is a card's: a year may follow one, or go before it, and not both. */
function isAmid(groups: DigitGroups, { first, last }: DigitWindow): boolean {
  return joinedBefore(groups, first) >= 4 && joinedAfter(groups, last) >= 4;
}

/** A plus that begins something is a telephone number's; one within something is a blank of a URL. */
function isInternational(text: string, start: number): boolean {
  return text[start - 1] === '+' && !/[\w=]/.test(text[start - 2] ?? '');
}

function isIssued(digits: string): boolean {
  return ((LENGTHS[Number(digits.slice(0, 4))] ?? 0) & (1 << digits.length)) !== 0;
}

/** What credit-card-type does not list: Visa's old length, and RuPay's ranges (NPCI: 60, 65, 81, 82, 508, 353, 356). */
const MORE_ISSUERS = [
  { patterns: [4], lengths: [13] },
  { patterns: [60, 65, 81, 82, 508, 353, 356], lengths: [16] },
];

/** For the first four digits, the lengths that such a card may have, as bits. Ranges that are told by more are rounded up. */
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
