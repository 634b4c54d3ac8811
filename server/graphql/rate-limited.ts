import { GraphQLError } from 'graphql';
import type { RateLimitedError } from '../../core/domain/errors.ts';

/** The error of a query or a subscription whose caller is over a limit: nothing was done, and it may be repeated later. */
export function rateLimited({ message, retryAfterMs }: RateLimitedError): GraphQLError {
  const headers = { 'retry-after': String(Math.ceil(retryAfterMs / 1_000)) };
  return new GraphQLError(message, {
    extensions: { code: 'RATE_LIMITED', retryAfterMs, http: { status: 429, headers } },
  });
}
