import type { Plugin } from 'graphql-yoga';

/** The web client's largest document has about 300 tokens, the introspection query about 500. */
const MAX_TOKENS = 2_000;

/** A document that could only be an attack is given up before it is parsed to its end. */
export function useParserLimits(): Plugin {
  return {
    onParse({ parseFn, setParseFn }) {
      setParseFn((source, options) => parseFn(source, { ...options, maxTokens: MAX_TOKENS }));
    },
  };
}
