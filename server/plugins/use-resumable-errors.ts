import { type ExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { tap } from '../../core/async/tap.ts';
import { StoreUnavailableError } from '../../core/domain/errors.ts';
import { SlowListenerError } from '../../core/live/feed/event-buffer.ts';
import { serviceUnavailable } from '../graphql/unavailable.ts';

/**
 * Ends a subscription that cannot continue with one last result that says why, with `extensions.resumable`: subscribe
 * again after the last cursor received. Without it, the error would break the whole socket or the response.
 */
export function useResumableErrors(): Plugin {
  return {
    onSubscribe: () => ({
      onSubscribeResult({ result, setResult }) {
        if (isAsyncIterable(result)) setResult(tap(result, { lastValue: lastResult }));
      },
    }),
  };
}

function lastResult(error: unknown): ExecutionResult | null {
  const resumable = resumableError(error);
  return resumable && { errors: [resumable] };
}

function resumableError(error: unknown): GraphQLError | null {
  const cause = error instanceof GraphQLError ? error.originalError : error;
  if (cause instanceof SlowListenerError)
    return new GraphQLError(cause.message, { extensions: { code: 'SLOW_LISTENER', resumable: true } });
  return cause instanceof StoreUnavailableError ? serviceUnavailable() : null;
}
