import { GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';

/**
 * Sets the code BAD_USER_INPUT on errors of the request that are found before any resolver runs, such as an invalid
 * variable, and GRAPHQL_PARSE_FAILED on documents that cannot be parsed. Yoga sets the latter over HTTP only.
 */
export function useErrorCodes(): Plugin {
  return {
    onParse:
      () =>
      ({ result }) => {
        if (result instanceof GraphQLError) result.extensions.code ??= 'GRAPHQL_PARSE_FAILED';
      },
    onExecute: () => ({ onExecuteDone: ({ result, setResult }) => code(result, setResult) }),
    onSubscribe: () => ({
      onSubscribeResult: ({ result, setResult }) => code(result, setResult as typeof setResult),
    }),
  };
}

function code<Result>(result: Result, setResult: (result: Result) => void): void {
  if (typeof result !== 'object' || result === null || isAsyncIterable(result)) return;
  const { errors } = result as { errors?: readonly GraphQLError[] };
  if (errors?.some(isUncoded))
    setResult({ ...result, errors: errors.map((error) => (isUncoded(error) ? coded(error) : error)) });
}

function isUncoded({ path, extensions }: GraphQLError): boolean {
  return path === undefined && extensions?.code === undefined;
}

function coded(error: GraphQLError): GraphQLError {
  const { message, nodes, extensions } = error;
  return new GraphQLError(message, {
    ...(nodes ? { nodes } : {}),
    extensions: { ...extensions, code: 'BAD_USER_INPUT' },
  });
}
