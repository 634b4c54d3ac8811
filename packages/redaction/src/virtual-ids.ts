import { verhoeff } from 'cdigit';
import { type DigitGroups, type DigitWindow, digitsIn, hasDigits, lengthOf } from './digit-groups.ts';
import type { Finding } from './finding.ts';
import { fitting, namedNumbers } from './named-numbers.ts';
import { Naming } from './naming.ts';
import { isPart } from './number-edges.ts';
import { AADHAAR_NAMES, VIRTUAL_ID_WORDS } from './words/own-words.ts';

/**
 * Virtual ids that stand in for Aadhaar numbers: 16 digits with a valid check digit (Verhoeff; UIDAI). Cards' numbers and
 * others are as long, so the nearest word must be one for them or for Aadhaar. After a word for them the check digit may be wrong.
 * @param words the text for words, of the same length
 */
export function* findVirtualIds(text: string, groups: DigitGroups, words: string): Generator<Finding> {
  for (let first = 0; first < groups.count; first++) {
    const found = windowAt(groups, first);
    if (!found || isPart(text, found) || !isVirtualId(digitsIn(text, found))) continue;
    const { start, end } = found;
    if (NAMED.of(words, start, end) === 'own') yield { kind: 'AADHAAR_VID', start, end };
  }
  if (!hasDigits(groups, 16)) return;
  for (const named of namedNumbers(words, text, NAMES)) {
    const found = fitting(
      text,
      named,
      (digits, isWhole) => /^[1-9]\d{15}$/.test(digits) && (isWhole || isVirtualId(digits)),
    );
    if (found) yield { kind: 'AADHAAR_VID', ...found };
  }
}

const NAMED = new Naming(`${VIRTUAL_ID_WORDS}|${AADHAAR_NAMES}`);
const NAMES = new RegExp(VIRTUAL_ID_WORDS, 'gi');

const isVirtualId = (digits: string) => /^[1-9]\d{15}$/.test(digits) && verhoeff.validate(digits);

/** The sixteen digits that begin with this group: in one piece or in fours; null if there are none. */
function windowAt(groups: DigitGroups, first: number): DigitWindow | null {
  const length = lengthOf(groups, first);
  const last = length === 16 ? first : first + 3;
  if (length !== 16) {
    for (let index = first; index <= last; index++)
      if (index >= groups.count || lengthOf(groups, index) !== 4 || (index > first && !groups.joints[index]))
        return null;
  }
  return { first, last, start: groups.starts[first] as number, end: groups.ends[last] as number };
}
