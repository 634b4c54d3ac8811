import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** The web client's largest document has about 300 tokens, the introspection query about 500. */
const MAX_TOKENS = 2_000;
/** Enough for a document with a message of 32,000 characters in it instead of in a variable. */
const MAX_LENGTH = 200_000;

/** Refuses a document that can only be an attack, before it is parsed to its end. */
export function useParserLimits(): Plugin {
  return {
    onParse({ params, parseFn, setParseFn }) {
      if (String(params.source).length > MAX_LENGTH) throw tooLong();
      setParseFn((source, options) => parseFn(source, { ...options, maxTokens: MAX_TOKENS }));
    },
  };
}

function tooLong(): GraphQLError {
  return new GraphQLError(`The document is longer than ${MAX_LENGTH} characters: pass texts as variables.`, {
    extensions: { code: 'GRAPHQL_PARSE_FAILED', http: { status: 400 } },
  });
}
