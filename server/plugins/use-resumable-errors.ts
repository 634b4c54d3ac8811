import { type ExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
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
        if (isAsyncIterable(result)) setResult(endingWithError(result as AsyncIterable<ExecutionResult>));
      },
    }),
  };
}

function endingWithError(results: AsyncIterable<ExecutionResult>): AsyncIterableIterator<ExecutionResult> {
  const source = results[Symbol.asyncIterator]();
  let over = false;
  return {
    async next() {
      if (over) return { value: undefined, done: true };
      try {
        return await source.next();
      } catch (error) {
        const resumable = resumableError(error);
        if (!resumable) throw error;
        over = true;
        return { value: { errors: [resumable] }, done: false };
      }
    },
    async return() {
      over = true;
      await source.return?.();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function resumableError(error: unknown): GraphQLError | null {
  const cause = error instanceof GraphQLError ? error.originalError : error;
  if (cause instanceof SlowListenerError)
    return new GraphQLError(cause.message, { extensions: { code: 'SLOW_LISTENER', resumable: true } });
  return cause instanceof StoreUnavailableError ? serviceUnavailable() : null;
}
