import { GraphQLError, type Source } from 'graphql';
import type { Bound } from '../../limits/refusals.ts';

/** Errors of one document. More are not worth finding: each takes time, and a person reads the first. */
export const MAX_ERRORS = 10;
/** A message quotes names and values of the document, which can be long. In UTF-16 code units. */
const LONGEST_MESSAGE = 1_000;
/** How many places an error names. */
const MOST_PLACES = 2;

const BOUNDS = new WeakMap<GraphQLError, Bound>();

/** The bound for which a document is refused by this error; undefined: for none. */
export function boundOf(error: unknown): Bound | undefined {
  return error instanceof GraphQLError ? BOUNDS.get(error) : undefined;
}

/** An error that the document is not parsed because it is too long. */
export function tooLong(message: string, bound: 'documentMaxCharacters' | 'documentMaxLines'): GraphQLError {
  const error = new GraphQLError(message, {
    extensions: { code: 'GRAPHQL_PARSE_FAILED', http: { status: 400, spec: true } },
  });
  BOUNDS.set(error, bound);
  return error;
}

/** An error that the document is not validated, because that would take too long. */
export function tooMuchToValidate(bound: 'selections' | 'comparisons'): GraphQLError {
  const why = {
    selections: 'it selects too many fields, those of its fragments included',
    comparisons: 'it selects the same field too often',
  };
  const error = new GraphQLError(`The document asks for too much: ${why[bound]}.`, {
    extensions: { code: 'QUERY_TOO_COMPLEX', http: { status: 400, spec: true } },
  });
  BOUNDS.set(error, bound === 'selections' ? 'documentMaxSelections' : 'documentMaxComparisons');
  return error;
}

/** The error without the document in memory, and bounded in size, so that it can be kept. */
export function compact(error: GraphQLError, source: Source | undefined): GraphQLError {
  const { message, positions, extensions } = error;
  const short = message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message;
  const compacted = new GraphQLError(short, {
    ...(source && positions && { source, positions: positions.slice(0, MOST_PLACES) }),
    extensions: { ...extensions },
  });
  const bound = BOUNDS.get(error) ?? (TOO_MANY_TOKENS.test(message) ? 'documentMaxTokens' : null);
  if (bound) BOUNDS.set(compacted, bound);
  return compacted;
}

/** As graphql-js says it. */
const TOO_MANY_TOKENS = /^Syntax Error: Document contains more that \d+ tokens/;
