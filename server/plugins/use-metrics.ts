import type { ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { tap } from '../../core/async/tap.ts';
import type { Log } from '../../core/telemetry/log.ts';
import type { Metrics } from '../../core/telemetry/metrics.ts';
import {
  type OperationFailure,
  type OperationOutcome,
  recordingOutcome,
} from '../graphql/operation-outcome.ts';
import { hasErrors, operationOf } from './operation.ts';

/** The outcome of an operation that returned a failure as data. */
const OUTCOMES: Record<OperationFailure, string> = {
  NotFoundError: 'not_found',
  InvalidInputError: 'invalid_input',
  RateLimitedError: 'rate_limited',
  BudgetExceededError: 'budget_exceeded',
  UnavailableError: 'unavailable',
};

/** The outcome of an operation with errors. */
function failureOf({ errors }: Pick<ExecutionResult, 'errors'>): string {
  return errors?.every(({ extensions }) => extensions?.code === 'RATE_LIMITED') ? 'rate_limited' : 'error';
}

/** Counts and times operations over every transport, and logs each at debug level. */
export function useMetrics(
  metrics: Pick<Metrics, 'graphqlOperations' | 'graphqlDuration' | 'subscriptionsActive'>,
  log: Log,
): Plugin {
  const { graphqlOperations, graphqlDuration, subscriptionsActive } = metrics;
  const refused = (operation: string) => graphqlOperations.inc({ operation, outcome: 'refused' });
  const ended = (
    operation: string,
    begun: number,
    {
      result,
      contextValue,
      recorded,
    }: { result: unknown; contextValue: unknown; recorded?: OperationOutcome },
  ) => {
    const ms = performance.now() - begun;
    const outcome = hasErrors(result)
      ? failureOf(result)
      : recorded?.failure
        ? OUTCOMES[recorded.failure]
        : 'ok';
    graphqlDuration.observe({ operation }, ms);
    graphqlOperations.inc({ operation, outcome });
    const { requestId } = contextValue as { requestId?: string };
    log.debug({ ...(requestId && { requestId }), operation, outcome, ms: Math.round(ms) }, 'operation done');
  };
  return {
    onParse:
      () =>
      ({ result }) => {
        if (result instanceof Error) refused('unparsable');
      },
    onValidate:
      () =>
      ({ valid }) => {
        if (!valid) refused('invalid');
      },
    onExecute({ args, executeFn, setExecuteFn }) {
      const { type, field: operation } = operationOf(args);
      const recorded: OperationOutcome = { failure: null };
      const begun = performance.now();
      // Only mutations return failures as data, and what records them slows down every promise meanwhile.
      if (type === 'mutation') setExecuteFn(recordingOutcome(recorded, executeFn));
      return {
        onExecuteDone: ({ result }) =>
          ended(operation, begun, { result, contextValue: args.contextValue, recorded }),
      };
    },
    onSubscribe({ args }) {
      const { field: operation } = operationOf(args);
      const begun = performance.now();
      return {
        onSubscribeResult({ result, setResult }) {
          ended(operation, begun, { result, contextValue: args.contextValue });
          if (!isAsyncIterable(result)) return;
          subscriptionsActive.inc({ field: operation });
          const over = () => subscriptionsActive.dec({ field: operation });
          setResult(tap(result, { onEnd: over }));
        },
      };
    },
  };
}
