import { type CountryCode, getCountries, getCountryCallingCode, Metadata } from 'libphonenumber-js/max';

/** The valid digits of a country's numbers, without its calling code. */
export interface PhonePlan {
  readonly callingCode: string;
  /** Reads digits as dialled in the country, with or without the prefix for national calls; null if they are not a number. */
  national(digits: string): NationalNumber | null;
  /** Whether the country has numbers with so many digits. */
  hasLength(length: number): boolean;
}

export interface NationalNumber {
  /** False if the number may be a mobile's or a landline's. */
  readonly isMobile: boolean;
  readonly hadPrefix: boolean;
}

/** The plan of a region. Countries with the same calling code are dialled in the same way: North America is one plan. */
export function regionPlan(region: CountryCode): PhonePlan {
  const code = getCountryCallingCode(region);
  return phonePlan(
    region,
    getCountries().filter((country) => country !== region && getCountryCallingCode(country) === code),
  );
}

const TYPES = [
  'FIXED_LINE',
  'MOBILE',
  'PREMIUM_RATE',
  'TOLL_FREE',
  'SHARED_COST',
  'VOIP',
  'PERSONAL_NUMBER',
  'PAGER',
  'UAN',
  'VOICEMAIL',
] as const;
type PhoneType = (typeof TYPES)[number];

/** Prefixes for national calls have one to three digits; with a carrier's code a few more. */
const LONGEST_PREFIX = 5;

/** libphonenumber's data of a country, compiled once: its parser takes about 20 µs per number, this a few tenths of a µs. */
function phonePlan(country: CountryCode, neighbours: readonly CountryCode[] = []): PhonePlan {
  const plan = dataOf(country);
  const plans = [plan, ...neighbours.map(dataOf)];
  const lengths = plan.possibleLengths();
  const most = Math.max(...lengths) + LONGEST_PREFIX;
  const valid = patternOf(plans, TYPES);
  const mobile = patternOf(plans, ['MOBILE']);
  const fixed = patternOf(plans, ['FIXED_LINE']);
  const strip = prefixOf(plan);
  const isValid = (number: string) => lengths.includes(number.length) && valid.test(number);
  return {
    callingCode: getCountryCallingCode(country),
    hasLength: (length) => lengths.includes(length),
    national(digits) {
      if (digits.length > most) return null;
      const rest = strip(digits);
      const hadPrefix = rest !== null && isValid(rest);
      if (!hadPrefix && !isValid(digits)) return null;
      const number = hadPrefix ? rest : digits;
      return { isMobile: mobile.test(number) && !fixed.test(number), hadPrefix };
    },
  };
}

/** Matches a number of one of the types in one of the plans. */
function patternOf(plans: readonly PlanData[], types: readonly PhoneType[]): RegExp {
  const patterns = plans.flatMap((plan) => types.flatMap((type) => plan.type(type)?.pattern() || []));
  return new RegExp(`^(?:${patterns.join('|') || '[]'})$`);
}

/** Returns a function that removes the prefix for national calls, and that returns null if there is none. */
function prefixOf(plan: PlanData): (digits: string) => string | null {
  const parsed = plan.nationalPrefixForParsing();
  if (!parsed) return () => null;
  if (/^\d+$/.test(parsed))
    return (digits) => (digits.startsWith(parsed) ? digits.slice(parsed.length) : null);
  const prefix = new RegExp(`^(?:${parsed})`);
  const rule = plan.nationalPrefixTransformRule();
  return (digits) => {
    const match = prefix.exec(digits);
    if (!match?.[0]) return null;
    const captured = match.slice(1).some((group) => group !== undefined);
    return rule && captured ? digits.replace(prefix, rule) : digits.slice(match[0].length);
  };
}

/** The plans of every country that shares a calling code. */
export const PLANS_BY_CALLING_CODE: ReadonlyMap<string, readonly PhonePlan[]> = (() => {
  const plans = new Map<string, PhonePlan[]>();
  for (const country of getCountries()) {
    const code = getCountryCallingCode(country);
    plans.set(code, [...(plans.get(code) ?? []), phonePlan(country)]);
  }
  return plans;
})();

function dataOf(country: CountryCode): PlanData {
  return (new Metadata().selectNumberingPlan(country) as unknown as { numberingPlan: PlanData })
    .numberingPlan;
}

/** The parts of a numbering plan that the typings omit. */
interface PlanData {
  possibleLengths(): number[];
  nationalPrefixForParsing(): string | undefined;
  nationalPrefixTransformRule(): string | undefined;
  type(type: PhoneType): { pattern(): string } | undefined;
}
