import type { ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { StoreUnavailableError } from '../../core/domain/errors.ts';
import { resultUnavailable } from '../graphql/unavailable.ts';
import { operationOf } from './operation.ts';

/**
 * Marks the errors of a mutation that was done but whose result cannot be read, because a store is unavailable. A failed
 * field below the mutation otherwise only shows that there is no result, and the caller would repeat the mutation.
 */
export function useUnreadResults(): Plugin {
  return {
    onExecute({ args }) {
      if (operationOf(args).type !== 'mutation') return;
      return {
        onExecuteDone({ result, setResult }) {
          if (!isAsyncIterable(result) && result.errors) setResult(withMarkedErrors(result));
        },
      };
    },
  };
}

function withMarkedErrors(result: ExecutionResult): ExecutionResult {
  const errors = result.errors?.map((error) =>
    error.path && error.path.length > 1 && error.originalError instanceof StoreUnavailableError
      ? resultUnavailable(error)
      : error,
  );
  return { ...result, ...(errors && { errors }) };
}
