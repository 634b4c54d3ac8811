import type { ExecutionResult, FormattedExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql';

/** A result as it is written to a stream or a socket. */
export function shownResult(result: ExecutionResult): FormattedExecutionResult {
  const { errors, ...rest } = result;
  // Not copied when there is nothing to hide, because results are many.
  return errors ? { ...rest, errors: errors.map(shownError) } : (result as FormattedExecutionResult);
}

/** An error without the extensions that the engine uses for the status of HTTP. */
export function shownError(error: GraphQLError): GraphQLFormattedError {
  const { extensions, ...formatted } = error.toJSON();
  const { http, unexpected, ...rest } = extensions ?? {};
  return { ...formatted, extensions: rest };
}
