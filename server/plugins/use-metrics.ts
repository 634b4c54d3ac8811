import { type ExecutionResult, GraphQLError, getOperationAST } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { tap } from '../../core/async/tap.ts';
import type { Log } from '../../core/telemetry/log.ts';
import type { Metrics } from '../../core/telemetry/metrics.ts';
import { logOperation, logRefused } from '../graphql/operation-line.ts';
import { type OperationOutcome, recordingOutcome } from '../graphql/operation-outcome.ts';
import { hasErrors, operationOf } from './operation.ts';

/** The outcome of an operation that returned a failure as data, by the name of its type. */
const OUTCOMES: Readonly<Record<string, string>> = {
  NotFoundError: 'not_found',
  ForbiddenError: 'forbidden',
  InvalidInputError: 'invalid_input',
  RateLimitedError: 'rate_limited',
  BudgetExceededError: 'budget_exceeded',
  BusyError: 'busy',
  UnavailableError: 'unavailable',
};

/** The outcome of an operation with errors. */
function failureOf({ errors }: Pick<ExecutionResult, 'errors'>): string {
  return errors?.every(({ extensions }) => extensions?.code === 'RATE_LIMITED') ? 'rate_limited' : 'error';
}

/** The codes of documents that are not run. */
const CODES = { unparsable: 'GRAPHQL_PARSE_FAILED', invalid: 'GRAPHQL_VALIDATION_FAILED' } as const;

/** Counts and times operations over every transport, and logs one line for each: run, or refused before. */
export function useMetrics(
  metrics: Pick<Metrics, 'graphqlOperations' | 'graphqlDuration' | 'subscriptionsActive'>,
  log: Log,
): Plugin {
  const { graphqlOperations, graphqlDuration, subscriptionsActive } = metrics;
  /** The requests of operations that have a line. */
  const logged = new WeakSet<object>();
  const refused = (operation: keyof typeof CODES, context: unknown, errors: readonly GraphQLError[]) => {
    graphqlOperations.inc({ operation, outcome: 'refused' });
    note(context);
    logRefused(log, { errors }, { operation, uncoded: CODES[operation] });
  };
  const note = (context: unknown) => {
    const { request } = context as { request?: object };
    if (request) logged.add(request);
  };
  const ended = (
    { operation, name }: { operation: string; name?: string | null | undefined },
    begun: number,
    { result, context, failures }: { result: unknown; context: unknown; failures: readonly Error[] },
  ) => {
    const ms = performance.now() - begun;
    const last = failures.at(-1);
    const outcome = hasErrors(result) ? failureOf(result) : last ? (OUTCOMES[last.name] ?? 'error') : 'ok';
    graphqlDuration.observe({ operation }, ms);
    graphqlOperations.inc({ operation, outcome });
    note(context);
    const { requestId } = context as { requestId?: string };
    const errors = hasErrors(result) ? (result.errors ?? []) : [];
    logOperation(log, { operation, name, ms, requestId, failures: [...errors, ...failures] });
  };
  return {
    onParse:
      ({ context }) =>
      ({ result }) => {
        if (result instanceof GraphQLError) refused('unparsable', context, [result]);
      },
    onValidate:
      ({ context }) =>
      ({ valid, result }) => {
        if (!valid) refused('invalid', context, result as readonly GraphQLError[]);
      },
    onExecute({ args, executeFn, setExecuteFn }) {
      const { type, field: operation } = operationOf(args);
      const recorded: OperationOutcome = { failures: [] };
      const begun = performance.now();
      const { contextValue: context } = args;
      // Only mutations return failures as data, and what records them slows down every promise meanwhile.
      if (type === 'mutation') setExecuteFn(recordingOutcome(recorded, executeFn));
      return {
        onExecuteDone: ({ result }) =>
          ended({ operation, name: nameOf(args) }, begun, { result, context, ...recorded }),
      };
    },
    onSubscribe({ args }) {
      const { field: operation } = operationOf(args);
      const begun = performance.now();
      const { contextValue: context } = args;
      const about = { operation, name: nameOf(args) };
      return {
        onSubscribeResult({ result, setResult }) {
          ended(about, begun, { result, context, failures: [] });
          if (!isAsyncIterable(result)) return;
          subscriptionsActive.inc({ field: operation });
          const over = (error?: unknown) => {
            subscriptionsActive.dec({ field: operation });
            if (error === undefined) return;
            const { requestId } = context as { requestId?: string };
            logOperation(log, { ...about, ms: performance.now() - begun, requestId, failures: [error] });
          };
          setResult(tap(result, { onEnd: over }));
        },
      };
    },
    // What is refused before its document is parsed, over HTTP.
    onResultProcess({ request, result }) {
      if (!isAsyncIterable(result) && !Array.isArray(result) && hasErrors(result) && !logged.has(request))
        logRefused(log, result);
    },
  };
}

function nameOf({ document, operationName }: Parameters<typeof operationOf>[0]): string | undefined {
  return getOperationAST(document, operationName)?.name?.value;
}
