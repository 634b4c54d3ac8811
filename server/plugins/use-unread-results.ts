import type { ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { StoreUnavailableError } from '../../core/domain/errors.ts';
import { resultUnavailable } from '../graphql/unavailable.ts';
import { operationOf } from './operation.ts';

/**
 * Tells the caller of a mutation that was done, while what it selects of the result cannot be read, that it was done:
 * of a failed field below it GraphQL alone says no more than that there is no result, and the caller would repeat it.
 */
export function useUnreadResults(): Plugin {
  return {
    onExecute({ args }) {
      if (operationOf(args).type !== 'mutation') return;
      return {
        onExecuteDone({ result, setResult }) {
          if (!isAsyncIterable(result) && result.errors) setResult(told(result));
        },
      };
    },
  };
}

function told(result: ExecutionResult): ExecutionResult {
  const errors = result.errors?.map((error) =>
    error.path && error.path.length > 1 && error.originalError instanceof StoreUnavailableError
      ? resultUnavailable(error)
      : error,
  );
  return { ...result, ...(errors && { errors }) };
}
