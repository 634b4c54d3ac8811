import { type ExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { tap } from '../../core/async/tap.ts';
import type { Config } from '../../core/config/config.ts';
import { type Owner, ownerKey } from '../../core/domain/owner.ts';
import type { GraphQLContext } from '../graphql/context.ts';
import { responseTooLarge } from '../graphql/result-size.ts';
import type { Refusals } from '../limits/refusals.ts';
import { operationOf } from './operation.ts';

/**
 * Answers an operation whose result is too large, or is large while its caller leaves much unread, with that one error and
 * nothing of the result. Of a subscription only the event that is too large is replaced.
 */
export function useResponseLimit(
  { responseMaxBytes, callerMaxUnreadBytes }: Pick<Config, 'responseMaxBytes' | 'callerMaxUnreadBytes'>,
  /** How many bytes are unread by a caller. */
  unread: { of(caller: Owner): number },
  refusals: Pick<Refusals, 'count'>,
): Plugin {
  const tooLarge = ({ viewer }: GraphQLContext): GraphQLError => {
    refusals.count('responseMaxBytes', ownerKey(viewer));
    return responseTooLarge(responseMaxBytes);
  };
  const refusal = (contextValue: unknown): GraphQLError | null => {
    const context = contextValue as GraphQLContext;
    const { resultSize, viewer } = context;
    if (resultSize.isExceeded) return tooLarge(context);
    if (!resultSize.isLarge || unread.of(viewer) <= callerMaxUnreadBytes) return null;
    refusals.count('callerMaxUnreadBytes', ownerKey(viewer));
    return tooMuchUnread();
  };
  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      const { resultSize } = args.contextValue as unknown as GraphQLContext;
      const isMutation = operationOf(args).type === 'mutation';
      if (INTROSPECTION.test(args.document.loc?.source.body ?? ''))
        Object.assign(args, { signal: resultSize.signal });
      setExecuteFn(async (given) => {
        try {
          return await executeFn(given);
        } catch (error) {
          if (!resultSize.isExceeded) throw error;
          return { data: null };
        }
      });
      return {
        onExecuteDone({ result, setResult }) {
          const error = isAsyncIterable(result) ? null : refusal(args.contextValue);
          if (error) setResult({ data: null, errors: [isMutation ? done(error) : error] });
        },
      };
    },
    onSubscribe: ({ args }) => ({
      onSubscribeResult({ result, setResult }) {
        if (!isAsyncIterable(result)) return;
        const events = result as AsyncIterable<ExecutionResult>;
        // Whether earlier ones were read does not matter: the next event is requested when they were.
        const context = args.contextValue as unknown as GraphQLContext;
        const refused = (event: ExecutionResult) =>
          context.resultSize.isExceeded ? { data: null, errors: [tooLarge(context)] } : event;
        setResult(tap(events, { map: refused }));
      },
    }),
  };
}

/**
 * Introspection resolves hundreds of thousands of fields in one go, and each could fail by itself, so it is aborted as a
 * whole. For other operations a signal would only cost time: errors end them where the next rows are read.
 */
const INTROSPECTION = /__(?:schema|type)\b/;

function tooMuchUnread(): GraphQLError {
  return new GraphQLError(
    'Too much of earlier responses has not been read: read it, then repeat the operation.',
    { extensions: { code: 'RATE_LIMITED', resumable: true, http: { status: 429 } } },
  );
}

/** Repeating a mutation that was done is not the way to its result. */
function done({ message, extensions: { resumable, ...extensions } }: GraphQLError): GraphQLError {
  return new GraphQLError(`The mutation was done, but its result is not returned. ${message}`, {
    extensions,
  });
}
