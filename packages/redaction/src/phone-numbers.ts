import { type NationalNumber, type PhonePlan, PLANS_BY_CALLING_CODE } from './phone-plans.ts';

/** Whether these digits are a valid number after a plus. */
export function isInternational(digits: string): boolean {
  for (let length = 1; length <= 3; length++) {
    const plans = PLANS_BY_CALLING_CODE.get(digits.slice(0, length));
    // No calling code is a prefix of another one (ITU E.164).
    if (plans) return plans.some((plan) => plan.national(digits.slice(length)));
  }
  return false;
}

/**
 * Whether these digits after a plus are as many as those of a telephone number: numbers in examples are not valid, so that
 * they are no subscriber's (`+44 7700 900123`).
 */
export function isExample(digits: string): boolean {
  if (digits.length < FEWEST_OF_EXAMPLES) return false;
  for (let length = 1; length <= 3; length++) {
    const plans = PLANS_BY_CALLING_CODE.get(digits.slice(0, length));
    // After the calling code a zero may be written, as in `+44 (0)7700 900123`.
    const rest = digits.slice(length).replace(/^0/, '');
    if (plans) return plans.some((plan) => plan.hasLength(rest.length));
  }
  return false;
}

const FEWEST_OF_EXAMPLES = 11;

/** Prefixes for international calls, which replace a plus: the ITU's and North America's. */
const ABROAD = ['00', '011'];
const FEWEST_ABROAD = 10;

/**
 * The number that digits are when dialled within one of the regions: with a prefix for international calls, as a national
 * number, or with the region's calling code without a plus. `written`: the digits with the characters between them.
 */
export function dialled(plans: readonly PhonePlan[], digits: string, written: string): NationalNumber | null {
  if (isDialledAbroad(digits)) return { isMobile: false, hadPrefix: true };
  if (digits.startsWith('00')) return null;
  let found: NationalNumber | null = null;
  for (const plan of plans) {
    const number = plan.national(digits) ?? withoutPlus(plan, digits, written);
    if (number?.isMobile || (number && !found?.isMobile && !found?.hadPrefix)) found = number;
  }
  return found;
}

function isDialledAbroad(digits: string): boolean {
  const prefix = ABROAD.find((each) => digits.startsWith(each));
  return (
    prefix !== undefined &&
    digits.length >= FEWEST_ABROAD + prefix.length &&
    isInternational(digits.slice(prefix.length))
  );
}

/** The calling code without a plus must be separate, or at the beginning of a long group. */
function withoutPlus(plan: PhonePlan, digits: string, written: string): NationalNumber | null {
  const { callingCode: code } = plan;
  if (!digits.startsWith(code)) return null;
  const first = /^\d+/.exec(written)?.[0].length ?? 0;
  if (first !== code.length && first < code.length + LONG_GROUP) return null;
  return plan.national(digits.slice(code.length));
}

const LONG_GROUP = 5;
