import type { Plugin } from 'graphql-yoga';

/** The web client's largest document has about 300 tokens, the introspection query about 500. */
const MAX_TOKENS = 5_000;

/** A document that could only be an attack is given up before it is parsed to its end. */
export function useParserLimits(): Plugin {
  return {
    onParse({ params }) {
      params.options = { ...params.options, maxTokens: MAX_TOKENS };
    },
  };
}
