import type { ValidationRule } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { RateLimitedError } from '../../core/domain/errors.ts';
import { ownerKey } from '../../core/domain/owner.ts';
import type { CallContext } from '../graphql/context.ts';
import type { DocumentTurns } from '../graphql/documents/document-turns.ts';
import type { Documents } from '../graphql/documents/documents.ts';
import { boundOf } from '../graphql/documents/refusals.ts';
import { rateLimited } from '../graphql/rate-limited.ts';
import type { Refusals } from '../limits/refusals.ts';

/**
 * Parses and validates documents of every transport within the limits, see {@link Documents}, and within their caller's
 * share, see {@link DocumentTurns}; null: callers have none. Over WebSocket the transport waits for the turn.
 */
export function useDocuments(
  documents: Documents,
  turns: DocumentTurns | null,
  refusals: Pick<Refusals, 'count'>,
): Plugin {
  const charged = <T>(context: unknown, work: () => T) =>
    turns ? turns.charged((context as CallContext).caller, work) : work();
  return {
    async onParams({ params, context, setResult }) {
      if (!turns || typeof params.query !== 'string') return;
      const { caller: owner, address, connection = null } = context as unknown as CallContext;
      try {
        await turns.next(params.query, { owner, address, connection });
      } catch (error) {
        if (!(error instanceof RateLimitedError)) throw error;
        setResult({ errors: [rateLimited(error)] });
      }
    },
    onParse({ context, setParseFn }) {
      setParseFn((source) => {
        try {
          return charged(context, () => documents.parse(String(source)));
        } catch (error) {
          const bound = boundOf(error);
          if (bound) refusals.count(bound, ownerKey((context as unknown as CallContext).caller));
          throw error;
        }
      });
    },
    onValidate({ context, setValidationFn }) {
      setValidationFn((schema, document, rules, options) =>
        charged(context, () =>
          documents.validate(schema, document, rules as readonly ValidationRule[] | undefined, options ?? {}),
        ),
      );
    },
  };
}
