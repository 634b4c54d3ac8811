import type { RateLimitedError } from '../../core/domain/errors.ts';
import type { Refusal } from './refusal.ts';

/** The refusal of a request whose caller is over a limit. */
export function limitRefusal({ message, retryAfterMs }: RateLimitedError): Refusal {
  const headers = { 'retry-after': String(Math.ceil(retryAfterMs / 1_000)) };
  return { status: 429, code: 'RATE_LIMITED', message, headers };
}
