import { GraphQLError } from 'graphql';

/**
 * The limits of one operation. A page of 100 messages with their contents has a complexity of about 7,000, the operations of
 * the web client about 4,000; a query that nests lists in lists soon exceeds the limit.
 */
export const OPERATION_LIMITS = { complexity: 100_000, depth: 12, breadth: 300 };

/** What the content of a message counts: as much as ten fields, because it can be long. */
export const CONTENT_COMPLEXITY = 10;

/** What a search counts before its page: an operation has room for a few dozen. */
export const SEARCH_COMPLEXITY = 2_000;

/** The error for an operation that exceeds a limit. */
export function tooComplex(limit: string): GraphQLError {
  return new GraphQLError(
    `The operation asks for too much (${limit.toLowerCase()}): ask for smaller pages or fewer fields.`,
    { extensions: { code: 'QUERY_TOO_COMPLEX' } },
  );
}

/** The largest request or message a client may send: a text of 32,000 characters, escaped, with room for its document. */
export const MAX_MESSAGE_BYTES = 1_048_576;

/** How many entities a gateway may request at once: enough to join a few pages of another subgraph. */
export const MAX_REPRESENTATIONS = 1_000;
