import type { CountryCode } from 'libphonenumber-js/max';
import { type DigitGroups, hasDigits, JOINT, lengthOf } from './digit-groups.ts';
import type { Finding } from './finding.ts';
import { findNamedPhones } from './named-phones.ts';
import type { Cues } from './phone-cues.ts';
import { endOf, isFollowed, type Opening, openingOf, startOf } from './phone-edges.ts';
import { findPhoneForms } from './phone-forms.ts';
import { dialled, isExample, isInternational } from './phone-numbers.ts';
import { type PhonePlan, regionPlan } from './phone-plans.ts';
import { isEpoch, isParted, isRow, shapeOf } from './phone-shapes.ts';

/** Creates a finder of telephone numbers: international ones of every country, national ones of these regions. */
export function phoneFinder(
  regions: readonly CountryCode[],
): (text: string, groups: DigitGroups, cues: Cues) => Iterable<Finding> {
  const plans = regions.map(regionPlan);
  return (text, groups, cues) => {
    if (!hasDigits(groups, FEWEST_DIGITS)) return [];
    return [
      ...findPhones({ text, groups, cues, plans }),
      ...findPhoneForms(text, cues, plans),
      ...findNamedPhones(text, cues.text, plans),
    ];
  };
}

interface Search {
  text: string;
  groups: DigitGroups;
  cues: Cues;
  plans: readonly PhonePlan[];
}

/** The most digits of ITU E.164, and those of a prefix for international calls. */
const MOST_DIGITS = 15 + 3;
const FEWEST_DIGITS = 7;

function* findPhones(search: Search): Generator<Finding> {
  let lastOfPhone = Number.NaN;
  for (let first = 0; first < search.groups.count; first++) {
    const found = longest(search, first, first - 1 === lastOfPhone);
    if (!found) continue;
    yield { kind: 'PHONE', start: found.start, end: found.end };
    first = found.last;
    lastOfPhone = found.last;
  }
}

/** The longest number that begins with this group. */
function longest({ text, groups, cues, plans }: Search, first: number, isAfterPhone: boolean) {
  const { count, starts, ends, joints } = groups;
  const begin = starts[first] as number;
  if (lengthOf(groups, first) > MOST_DIGITS) return null;
  const opening = openingOf(text, begin);
  if (!opening || (isWithin(joints[first] as number, isAfterPhone) && !opening.plus)) return null;
  let best: { start: number; end: number; last: number } | null = null;
  let digits = '';
  const { mostGroups, fewestDigits, isSure } = shapeOf(text, begin, ends[first] as number, opening.plus);
  for (let last = first; last < count && last - first < mostGroups; last++) {
    const length = lengthOf(groups, last);
    if (last > first && (length < fewestDigits || !((joints[last] as number) & WITHIN))) break;
    if (last > first && !isSure && isParted(text.slice(ends[last - 1], starts[last]), digits.length)) break;
    if (digits.length + length > MOST_DIGITS) break;
    const end = ends[last] as number;
    digits += text.slice(starts[last], end);
    if (digits.length < FEWEST_DIGITS || (joints[last + 1] as number) & JOINT.tight || isFollowed(text, end))
      continue;
    if (isPhone({ digits, opening, written: text.slice(begin, end), end, isFirst: !best }, cues, plans))
      best = { start: startOf(text, opening, begin, end), end: endOf(cues.text, end), last };
  }
  return best;
}

/** Whether a group with this joint belongs to the same number. A slash may also separate two telephone numbers. */
function isWithin(joint: number, isAfterPhone: boolean): boolean {
  return (joint & JOINT.tight) !== 0 || ((joint & JOINT.slashed) !== 0 && !isAfterPhone);
}

const WITHIN = JOINT.loose | JOINT.tight | JOINT.slashed;

interface Candidate {
  digits: string;
  opening: Opening;
  /** The text from its first digit to its last. */
  written: string;
  end: number;
  /** Whether no shorter number begins there. */
  isFirst: boolean;
}

function isPhone(
  { digits, opening, written, end, isFirst }: Candidate,
  cues: Cues,
  plans: readonly PhonePlan[],
): boolean {
  if (opening.plus) return isInternational(digits) || (isFirst && isExample(digits));
  const number = dialled(plans, digits, written);
  const isPlain = digits.length === written.length;
  if (!number || (!isPlain && isRow(written))) return false;
  const called = cues.of(opening.start, end);
  if (called === 'phone') return !isEpoch(written) || cues.isNamed(opening.start);
  if (opening.hung) return false;
  // In one piece and without a prefix it could be any number, so it must be a mobile number.
  return (
    !isPlain ||
    (called === null &&
      !isEpoch(written) &&
      (number.isMobile || (number.hadPrefix && digits.startsWith('0'))))
  );
}
