import type { CountryCode } from 'libphonenumber-js/max';
import { type DigitGroups, JOINT } from './digit-groups.ts';
import type { Finding } from './finding.ts';
import { Cues } from './phone-cues.ts';
import { type PhonePlan, PLANS_BY_CALLING_CODE, regionPlan } from './phone-plans.ts';

/** Finds telephone numbers: international ones of every country, national ones of these. */
export function phoneFinder(
  regions: readonly CountryCode[],
): (text: string, groups: DigitGroups) => Iterable<Finding> {
  const plans = regions.map(regionPlan);
  return (text, groups) => findPhones(text, groups, plans);
}

/** The most that ITU E.164 has, after a prefix for calls abroad. */
const MOST_DIGITS = 15 + 3;
const FEWEST_DIGITS = 7;
const MOST_GROUPS = 8;
/** Where a number begins with neither a plus nor a zero; else rows of small numbers would be taken for one. */
const MOST_NATIONAL_GROUPS = 4;

function* findPhones(text: string, groups: DigitGroups, plans: readonly PhonePlan[]): Generator<Finding> {
  const cues = new Cues(text);
  for (let first = 0; first < groups.count; first++) {
    const found = longest(text, groups, first, plans, cues);
    if (!found) continue;
    yield { kind: 'PHONE', start: found.start, end: found.end };
    first = found.last;
  }
}

/** The longest number that begins with this group. */
function longest(text: string, groups: DigitGroups, first: number, plans: readonly PhonePlan[], cues: Cues) {
  const { count, starts, ends, joints } = groups;
  const begin = starts[first] as number;
  if ((ends[first] as number) - begin > MOST_DIGITS) return null;
  const opening = openingOf(text, begin);
  if (!opening || ((joints[first] as number) & JOINT.tight && !opening.plus)) return null;
  let best: { start: number; end: number; last: number } | null = null;
  let digits = '';
  for (let last = first; last < count && last - first < MOST_GROUPS; last++) {
    const joint = joints[last] as number;
    if (last > first && !(joint & (JOINT.loose | JOINT.tight))) break;
    const end = ends[last] as number;
    if (digits.length + end - (starts[last] as number) > MOST_DIGITS) break;
    digits += text.slice(starts[last], end);
    if (digits.length < FEWEST_DIGITS || (joints[last + 1] as number) & JOINT.tight || isFollowed(text, end))
      continue;
    const number = { digits, groups: last - first + 1, opening, end };
    if (isPhone(number, plans, cues) && !isDottedQuad(text.slice(begin, end)))
      best = { start: opening.start, end: withExtension(text, end), last };
  }
  return best;
}

/** Where a number whose first digit is at `at` begins: its plus and its bracket belong to it. Null: it is a part of something. */
function openingOf(text: string, at: number): Opening | null {
  const [before, further] = [text[at - 1] ?? '', text[at - 2] ?? ''];
  if (before === '+') {
    if (/[\p{L}\d]/u.test(further)) return { start: at, plus: false, hung: false };
    return { start: further === '(' ? at - 2 : at - 1, plus: true, hung: false };
  }
  if (before === '(') {
    const plus = further === '+';
    return { start: plus ? at - 2 : at - 1, plus, hung: false };
  }
  if (/[\p{L}#$€£₹¥%]/u.test(before)) return null;
  if (/[.,]/.test(before) && /\d/.test(further)) return null;
  const hung = /[-_/]/.test(before) && /[\p{L}\d]/u.test(further);
  return { start: at, plus: false, hung };
}

/** Whether what follows makes it a part of something, or an amount. */
function isFollowed(text: string, end: number): boolean {
  return /^(?:[\p{L}_%$€£₹]|[.,:]\d|@)/u.test(text.slice(end, end + 2));
}

const EXTENSION = /^(?:;ext=|,? ?(?:ext(?:n|ension)?\.?|x|#) ?)\d{1,6}(?![\w-])/i;

function withExtension(text: string, end: number): number {
  return end + (EXTENSION.exec(text.slice(end, end + 20))?.[0].length ?? 0);
}

/** An IP address, or what was to be one, or a version. */
function isDottedQuad(number: string): boolean {
  return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(number);
}

interface Opening {
  start: number;
  plus: boolean;
  /** Whether a word hangs on to it, as in `INV-2026` and in paths: only where something calls it a phone number it is one. */
  hung: boolean;
}

interface Dialled {
  digits: string;
  opening: Opening;
  groups: number;
  end: number;
}

/** Prefixes for calls abroad, after which a number is written as after a plus: the ITU's, and North America's. */
const ABROAD = /^(?:00|011)(?=[1-9])/;
const FEWEST_ABROAD = 10;

function isPhone(number: Dialled, plans: readonly PhonePlan[], cues: Cues): boolean {
  const { digits, groups, opening, end } = number;
  if (opening.plus) return isInternational(digits);
  if (
    ABROAD.test(digits) &&
    digits.length >= FEWEST_ABROAD + 2 &&
    isInternational(digits.replace(ABROAD, ''))
  )
    return cues.of(opening.start, end) !== 'other';
  if (groups > MOST_NATIONAL_GROUPS && !digits.startsWith('0')) return false;
  for (const plan of plans) {
    const national = plan.national(digits) ?? withoutCode(plan, digits);
    if (!national) continue;
    const called = cues.of(opening.start, end);
    if (called || opening.hung) return called === 'phone';
    // In one piece, and without a prefix, it could be any number: mobiles' alone are told from those.
    if (groups > 1 || national.isMobile || (national.hadPrefix && digits.startsWith('0'))) return true;
  }
  return false;
}

function isInternational(digits: string): boolean {
  for (let length = 1; length <= 3; length++) {
    const rest = digits.slice(length);
    if (PLANS_BY_CALLING_CODE.get(digits.slice(0, length))?.some((plan) => plan.national(rest))) return true;
  }
  return false;
}

/** With the calling code, and no plus. */
function withoutCode(plan: PhonePlan, digits: string): ReturnType<PhonePlan['national']> {
  return digits.startsWith(plan.callingCode) ? plan.national(digits.slice(plan.callingCode.length)) : null;
}
