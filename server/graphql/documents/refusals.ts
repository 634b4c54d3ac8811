import { GraphQLError, type Source } from 'graphql';

/** Errors of one document. More are not worth finding: each takes time, and a person reads the first. */
export const MAX_ERRORS = 10;
/** A message quotes names and values of the document, which can be long. In UTF-16 code units. */
const LONGEST_MESSAGE = 1_000;
/** How many places an error names. */
const MOST_PLACES = 2;

/** An error that the document cannot be parsed, or is not parsed because it is too long. */
export function unparsable(message: string): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code: 'GRAPHQL_PARSE_FAILED', http: { status: 400, spec: true } },
  });
}

/** An error that the document is not validated, because that would take too long. */
export function tooMuchToValidate(bound: 'selections' | 'comparisons'): GraphQLError {
  const why = {
    selections: 'it selects too many fields, those of its fragments included',
    comparisons: 'it selects the same field too often',
  };
  return new GraphQLError(`The document asks for too much: ${why[bound]}.`, {
    extensions: { code: 'QUERY_TOO_COMPLEX', http: { status: 400, spec: true } },
  });
}

/** The error without the document in memory, and bounded in size, so that it can be kept. */
export function compact(error: GraphQLError, source: Source | undefined): GraphQLError {
  const { message, positions, extensions } = error;
  const short = message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message;
  return new GraphQLError(short, {
    ...(source && positions && { source, positions: positions.slice(0, MOST_PLACES) }),
    extensions: { ...extensions },
  });
}
