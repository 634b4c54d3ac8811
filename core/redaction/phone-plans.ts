import { type CountryCode, getCountries, getCountryCallingCode, Metadata } from 'libphonenumber-js/max';

/** Prefixes for calls within a country have one to three digits; with a carrier's code some more. */
const LONGEST_PREFIX = 5;

const whole = (pattern: string) => new RegExp(`^(?:${pattern})$`);

/** A number that is a mobile's or a landline's, for all that is known, comes first, so that it is not taken for a mobile's. */
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

/** How the digits of a country's numbers, without its calling code, may go. */
export interface PhonePlan {
  readonly country: CountryCode;
  readonly callingCode: string;
  /** What kind of number these digits are, with no prefix before them; null when they are none. */
  typeOf(number: string): PhoneType | null;
  /** The digits as people of the country dial them, with the prefix for calls within it or without; null when they are no number. */
  national(digits: string): NationalNumber | null;
  /** It and its neighbours as one, dialled as this one is. */
  around(neighbours: readonly PhonePlan[]): PhonePlan;
}

export interface NationalNumber {
  readonly isMobile: boolean;
  readonly hadPrefix: boolean;
}

/** What libphonenumber knows of a country, compiled once: its finder and parser take some 20 µs a number, this less than one. */
function phonePlan(country: CountryCode): PhonePlan {
  const { numberingPlan } = new Metadata().selectNumberingPlan(country) as unknown as {
    numberingPlan: PlanData;
  };
  const lengths = new Set(numberingPlan.possibleLengths());
  const most = Math.max(...lengths) + LONGEST_PREFIX;
  const any = whole(numberingPlan.nationalNumberPattern());
  const types = TYPES.flatMap((type) => {
    const pattern = numberingPlan.type(type)?.pattern();
    return pattern ? [{ type, pattern: whole(pattern) }] : [];
  });
  const parsed = numberingPlan.nationalPrefixForParsing();
  const prefix = parsed ? new RegExp(`^(?:${parsed})`) : null;
  const rule = numberingPlan.nationalPrefixTransformRule();

  const typeOf = (number: string): PhoneType | null =>
    lengths.has(number.length) && any.test(number)
      ? (types.find(({ pattern }) => pattern.test(number))?.type ?? null)
      : null;
  const strip = (digits: string): string | null => {
    const match = prefix?.exec(digits);
    if (!match?.[0]) return null;
    const captured = match.slice(1).some((group) => group !== undefined);
    return rule && captured ? digits.replace(prefix as RegExp, rule) : digits.slice(match[0].length);
  };
  const national = (digits: string, kindOf: typeof typeOf): NationalNumber | null => {
    if (digits.length > most) return null;
    const rest = strip(digits);
    const stripped = rest === null ? null : kindOf(rest);
    const type = stripped ?? kindOf(digits);
    return type && { isMobile: type === 'MOBILE', hadPrefix: stripped !== null };
  };
  return {
    country,
    callingCode: getCountryCallingCode(country),
    typeOf,
    national: (digits) => national(digits, typeOf),
    around(neighbours) {
      const typeAround = (number: string) => {
        if (!lengths.has(number.length)) return null;
        for (const each of [this, ...neighbours]) {
          const type = each.typeOf(number);
          if (type) return type;
        }
        return null;
      };
      return { ...this, national: (digits) => national(digits, typeAround) };
    },
  };
}

/** The plan of a region. Countries with its calling code are dialled from it as it is itself: North America is one plan. */
export function regionPlan(region: CountryCode): PhonePlan {
  const sharing = PLANS_BY_CALLING_CODE.get(getCountryCallingCode(region)) ?? [];
  const own = sharing.find(({ country }) => country === region) ?? phonePlan(region);
  return own.around(sharing.filter((plan) => plan !== own));
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

/** As much of a numbering plan as its typings leave out. */
interface PlanData {
  possibleLengths(): number[];
  nationalNumberPattern(): string;
  nationalPrefixForParsing(): string | undefined;
  nationalPrefixTransformRule(): string | undefined;
  type(type: PhoneType): { pattern(): string } | undefined;
}
