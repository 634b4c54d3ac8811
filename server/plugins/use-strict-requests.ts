import { GraphQLError } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import type { PersistedOperations } from '../graphql/persisted-operations.ts';

/**
 * Reads operations from requests, replaces hashes by the documents that they name, and answers a malformed one with a 400
 * that says what is wrong. Yoga's own parsers treat malformed JSON in a query string as an error of the server, and silently
 * replace malformed UTF-8.
 */
export function useStrictRequests(persisted: PersistedOperations): Plugin {
  return {
    onRequestParse({ request, setRequestParser }) {
      if (request.method === 'GET') setRequestParser(({ url }) => fromQueryString(url));
      if (request.method === 'POST') setRequestParser(async (limited) => fromBody(await bytesOf(limited)));
    },
    onParams({ params, setParams }) {
      const query = persisted.documentOf(params);
      if (query !== params.query) setParams({ ...params, query: String(query) });
      if (!['string', 'undefined'].includes(typeof (params.operationName ?? undefined)))
        throw badRequest('The operation\'s name, "operationName", must be a string.');
    },
  };
}

function fromQueryString(url: string): GraphQLParams {
  const search = new URLSearchParams(/\?(.*)$/s.exec(url)?.[1] ?? '');
  const given = (names: readonly string[]) =>
    names.flatMap((name) => {
      const value = search.get(name);
      return value ? [[name, value] as const] : [];
    });
  return Object.fromEntries([
    ...given(['query', 'operationName']),
    ...given(['variables', 'extensions']).map(([name, json]) => [
      name,
      parse(json, `The parameter "${name}"`),
    ]),
  ]);
}

/** Yoga refuses a body over the limit. */
async function bytesOf(request: Request): Promise<Uint8Array> {
  try {
    return new Uint8Array(await request.arrayBuffer());
  } catch (error) {
    throw error instanceof GraphQLError
      ? error
      : badRequest('The connection closed before the end of the body.');
  }
}

function fromBody(bytes: Uint8Array) {
  if (bytes.length === 0) throw badRequest('The body is empty: send an operation as JSON.');
  const body: unknown = parse(decode(bytes), 'The body');
  if (typeof body !== 'object' || body === null) throw badRequest('The body must be an object of JSON.');
  return body;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw badRequest('The body is not UTF-8.');
  }
}

function parse(text: string, what: string) {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest(`${what} is not JSON.`);
  }
}

/** 400 with any media type: the request itself is malformed, not the GraphQL in it. */
function badRequest(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } });
}
