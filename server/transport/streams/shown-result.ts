import type { ExecutionResult, FormattedExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql';

/** A result as it is written to a stream or a socket. */
export function shownResult(result: ExecutionResult): FormattedExecutionResult {
  const { errors, ...rest } = result;
  // Without a copy where there is nothing to hide: results are many.
  return errors ? { ...rest, errors: errors.map(shownError) } : (result as FormattedExecutionResult);
}

/** Without what the engine notes for HTTP's status line. */
export function shownError(error: GraphQLError): GraphQLFormattedError {
  const { extensions, ...formatted } = error.toJSON();
  const { http, unexpected, ...rest } = extensions ?? {};
  return { ...formatted, extensions: rest };
}
