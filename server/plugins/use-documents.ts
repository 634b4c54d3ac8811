import type { ValidationRule } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { type DocumentLimits, Documents } from '../graphql/documents/documents.ts';

/** Parses and validates documents of every transport within the limits, see {@link Documents}. */
export function useDocuments(limits: DocumentLimits): Plugin {
  const documents = new Documents(limits);
  return {
    onParse({ setParseFn }) {
      setParseFn((source) => documents.parse(String(source)));
    },
    onValidate({ setValidationFn }) {
      setValidationFn((schema, document, rules, options) =>
        documents.validate(schema, document, rules as readonly ValidationRule[] | undefined, options ?? {}),
      );
    },
  };
}
