/**
 * How long a provider asks to wait before the next request, in milliseconds; undefined when it does not say. A date is
 * compared with the provider's own clock, which its header `date` shows, or with `now` if there is no such header.
 * Headers come first (`retry-after-ms`, then RFC 9110's `retry-after` in seconds or as a date), then a phrase such as
 * "try again in 1m20s" in the message.
 */
export function retryAfterMs(
  headers: HeaderSource | undefined,
  message: string,
  now = Date.now(),
): number | undefined {
  const milliseconds = Number.parseFloat(headers?.get('retry-after-ms') ?? '');
  if (milliseconds >= 0) return Math.round(milliseconds);
  const header = headers?.get('retry-after')?.trim();
  if (header) {
    const seconds = Number(header);
    if (seconds >= 0) return Math.round(seconds * 1000);
    const date = Date.parse(header);
    const sent = Date.parse(headers?.get('date') ?? '');
    if (!Number.isNaN(date)) return Math.max(0, date - (Number.isNaN(sent) ? now : sent));
  }
  return spokenDelay(message);
}

/** The part of `Headers` that is needed. */
export interface HeaderSource {
  get(name: string): string | null;
}

const DELAY =
  /\b(?:try again|retry)\s+(?:in|after)\s+((?:\d+(?:\.\d+)?\s*(?:milliseconds?|ms|minutes?|min|m|hours?|h|seconds?|sec|s)\s*)+)/i;
const PART = /(\d+(?:\.\d+)?)\s*(ms|milli|m|h|s)/gi;
const UNIT_MS: Record<string, number> = { ms: 1, milli: 1, s: 1000, m: 60_000, h: 3_600_000 };

function spokenDelay(message: string): number | undefined {
  const spoken = DELAY.exec(message)?.[1];
  if (!spoken) return undefined;
  let total = 0;
  for (const [, amount, unit] of spoken.matchAll(PART)) {
    total += Number(amount) * (UNIT_MS[(unit ?? '').toLowerCase()] ?? 0);
  }
  return Math.round(total);
}
