import { type ExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { tap } from '../../core/async/tap.ts';
import type { GraphQLContext } from '../graphql/context.ts';
import { responseTooLarge } from '../graphql/result-size.ts';
import { operationOf } from './operation.ts';

/**
 * Answers an operation whose result is too large with that one error, and nothing of the result. Of a subscription only
 * the event that is too large is replaced.
 */
export function useResponseLimit(maxBytes: number): Plugin {
  const replaced = (contextValue: unknown, isMutation: boolean): ExecutionResult | null => {
    const { resultSize } = contextValue as Partial<GraphQLContext>;
    if (!resultSize?.isExceeded) return null;
    const error = responseTooLarge(maxBytes);
    return { data: null, errors: [isMutation ? done(error) : error] };
  };
  return {
    onExecute: ({ args }) => ({
      onExecuteDone({ result, setResult }) {
        if (isAsyncIterable(result)) return;
        const instead = replaced(args.contextValue, operationOf(args).type === 'mutation');
        if (instead) setResult(instead);
      },
    }),
    onSubscribe: ({ args }) => ({
      onSubscribeResult({ result, setResult }) {
        if (!isAsyncIterable(result)) return;
        const events = result as AsyncIterable<ExecutionResult>;
        setResult(tap(events, { map: (event) => replaced(args.contextValue, false) ?? event }));
      },
    }),
  };
}

function done({ message, extensions }: GraphQLError): GraphQLError {
  return new GraphQLError(`The mutation was done. ${message}`, { extensions });
}
