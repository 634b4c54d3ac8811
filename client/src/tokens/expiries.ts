/** How long a new token may be valid, the default first. */
export const EXPIRIES = ['quarter', 'month', 'year', 'never'] as const;
type Expiry = (typeof EXPIRIES)[number];

const DAYS: Record<Exclude<Expiry, 'never'>, number> = { month: 30, quarter: 90, year: 365 };
const DAY_MS = 86_400_000;

/** The end of a token that begins now (Unix milliseconds), RFC 3339; null: it has none. */
export function endOf(expiry: string, now: number): string | null {
  const days = Object.hasOwn(DAYS, expiry) ? DAYS[expiry as keyof typeof DAYS] : null;
  return days === null ? null : new Date(now + days * DAY_MS).toISOString();
}
