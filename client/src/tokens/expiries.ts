/** How long a new token may be valid, the default first. */
export const EXPIRIES = ['quarter', 'month', 'year', 'never'] as const;

/** Null: until it is revoked. */
export const EXPIRY_DAYS = { month: 30, quarter: 90, year: 365, never: null } as const;

const DAY_MS = 86_400_000;

/** The end of a token that begins now (Unix milliseconds), RFC 3339; null: it has none. */
export function endOf(expiry: string, now: number): string | null {
  const known = EXPIRIES.find((one) => one === expiry) ?? 'never';
  const days = EXPIRY_DAYS[known];
  return days === null ? null : new Date(now + days * DAY_MS).toISOString();
}
