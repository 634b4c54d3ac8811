import { GraphQLError } from 'graphql';

/** Whether an operation is identified only by the hash of its document, which Apollo's clients try first. */
export function isPersistedQuery({ query, extensions }: Params): boolean {
  return !query && typeof extensions?.persistedQuery === 'object' && extensions.persistedQuery !== null;
}

/**
 * Documents are not stored by their hash. A client that gets this message or code sends the document instead, and no
 * more hashes (Apollo's protocol of automatic persisted queries).
 */
export function persistedQueryNotSupported(): GraphQLError {
  return new GraphQLError('PersistedQueryNotSupported', {
    extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED', http: { status: 400, spec: true } },
  });
}

interface Params {
  query?: unknown;
  extensions?: Record<string, unknown> | null | undefined;
}
