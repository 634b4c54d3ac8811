import { GraphQLError } from 'graphql';
import { type MaskError, maskError as maskUnexpected } from 'graphql-yoga';
import { PROBLEM_TEXTS } from '../core/conversation/texts.ts';
import { isDatabaseUnavailable } from '../core/db/unavailable.ts';
import { UnavailableError } from '../core/errors.ts';
import { FeedUnavailableError } from '../core/feed/feed.ts';

/**
 * What a caller is told of an error that no type of the schema stands for: that a store is away, and that the call may
 * be repeated as it is (`extensions.resumable`); or nothing.
 */
export const maskError: MaskError = (error, message) => {
  const { originalError, nodes, path } = error instanceof GraphQLError ? error : {};
  const cause = originalError ?? error;
  const isAway =
    cause instanceof FeedUnavailableError ||
    cause instanceof UnavailableError ||
    isDatabaseUnavailable(cause);
  if (!isAway) return maskUnexpected(error, message, false);
  return new GraphQLError(PROBLEM_TEXTS.unavailable, {
    ...(nodes && { nodes }),
    ...(path && { path }),
    extensions: { code: 'SERVICE_UNAVAILABLE', resumable: true },
  });
};
