import type { ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { tap } from '../../core/async/tap.ts';
import { RateLimitedError } from '../../core/domain/errors.ts';
import type { GraphQLContext } from '../graphql/context.ts';
import { rateLimited } from '../graphql/rate-limited.ts';
import { LoopTurns } from '../limits/loop-turns.ts';
import { operationOf } from './operation.ts';

/**
 * Refuses an operation whose caller has too many running or open, over every transport: a mutation with a RateLimitedError as
 * data, any other with an error. Of the subscriptions that a connection begins together one begins in a turn of the event loop,
 * so that others do not wait for all of them.
 */
export function useOperationLimits(): Plugin {
  const turns = new WeakMap<object, LoopTurns>();
  const turnOf = (connection: object) => {
    const known = turns.get(connection) ?? new LoopTurns();
    turns.set(connection, known);
    return known.next();
  };
  return {
    onExecute({ args, executeFn, setExecuteFn, setResultAndStopExecution }) {
      const context = args.contextValue as unknown as GraphQLContext;
      try {
        const release = context.limits.beginOperation(originOf(context));
        setExecuteFn(releasing(executeFn, release));
        return { onExecuteDone: release };
      } catch (error) {
        if (!(error instanceof RateLimitedError)) throw error;
        if (operationOf(args).type === 'mutation') context.refusal = error;
        else setResultAndStopExecution({ errors: [rateLimited(error)] });
      }
    },
    async onSubscribe({ args, subscribeFn, setSubscribeFn, setResultAndStopExecution }) {
      const context = args.contextValue as unknown as GraphQLContext;
      try {
        const release = await context.limits.beginSubscription(originOf(context));
        if (context.connection) await turnOf(context.connection);
        setSubscribeFn(releasing(subscribeFn, release));
        return {
          onSubscribeResult({ result, setResult }) {
            if (isAsyncIterable(result))
              setResult(tap(result as AsyncIterable<ExecutionResult>, { onEnd: release }));
            else release();
          },
        };
      } catch (error) {
        if (!(error instanceof RateLimitedError)) throw error;
        setResultAndStopExecution({ errors: [rateLimited(error)] });
      }
    },
  };
}

function originOf({ viewer: owner, address, connection }: GraphQLContext) {
  return { owner, address, connection };
}

/** Calls `release` where `run` fails, so that nothing is done with its result. */
function releasing<Args extends unknown[], Result>(run: (...args: Args) => Result, release: () => void) {
  return async (...args: Args) => {
    try {
      return await run(...args);
    } catch (error) {
      release();
      throw error;
    }
  };
}
