import { RateLimiterRes } from 'rate-limiter-flexible';
import type { Rate, Refused } from './rates.ts';

/** The refusal with which the library rejects; null when the call may go on. Passes other errors on. */
export async function refusalOf(rate: Rate, counted: Promise<unknown>): Promise<Refused | null> {
  try {
    await counted;
    return null;
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    return { rate, retryAfterMs: Math.max(1, Math.ceil(error.msBeforeNext)) };
  }
}
