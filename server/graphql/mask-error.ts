import { GraphQLError } from 'graphql';
import { type MaskError, maskError as maskUnexpected } from 'graphql-yoga';
import { OutcomeUnknownError, RateLimitedError, StoreUnavailableError } from '../../core/domain/errors.ts';
import { rateLimited } from './rate-limited.ts';
import { outcomeUnknown, serviceUnavailable } from './unavailable.ts';

/** What a caller gets of an error that no type of the schema represents: that a store is unavailable, or no details. */
export const maskError: MaskError = (error, message) => {
  const isPlaced = error instanceof GraphQLError;
  const original = (isPlaced && error.originalError) || error;
  if (original instanceof OutcomeUnknownError) return outcomeUnknown(isPlaced ? error : {});
  if (original instanceof RateLimitedError) return rateLimited(original);
  if (original instanceof StoreUnavailableError) return serviceUnavailable(isPlaced ? error : {});
  return maskUnexpected(error, message, false);
};
