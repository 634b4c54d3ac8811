import { type DocumentNode, type ExecutionArgs, type ExecutionResult, getOperationAST } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Metrics } from '../../core/telemetry/metrics.ts';

/**
 * Counts operations and times them, over whatever transport. An operation is called by the first field that it asks
 * for, which is of the schema: its own name is a stranger's.
 */
export function useMetrics(
  metrics: Pick<Metrics, 'graphqlOperations' | 'graphqlDuration' | 'subscriptionsActive'>,
): Plugin {
  const { graphqlOperations, graphqlDuration, subscriptionsActive } = metrics;
  const refused = (operation: string) => graphqlOperations.inc({ operation, outcome: 'refused' });
  const ended = (operation: string, begun: number, result: unknown) => {
    graphqlDuration.observe({ operation }, performance.now() - begun);
    graphqlOperations.inc({ operation, outcome: hasErrors(result) ? 'error' : 'ok' });
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
    onExecute({ args }) {
      const operation = operationOf(args);
      const begun = performance.now();
      return { onExecuteDone: ({ result }) => ended(operation, begun, result) };
    },
    onSubscribe({ args }) {
      const operation = operationOf(args);
      const begun = performance.now();
      return {
        onSubscribeResult({ result, setResult }) {
          ended(operation, begun, result);
          if (!isAsyncIterable(result)) return;
          subscriptionsActive.inc({ field: operation });
          const over = () => subscriptionsActive.dec({ field: operation });
          setResult(untilOver(result as AsyncIterable<ExecutionResult>, over));
        },
      };
    },
  };
}

/** The same results; `onOver` is called once, however they end. */
function untilOver<T>(results: AsyncIterable<T>, onOver: () => void): AsyncIterableIterator<T> {
  const source = results[Symbol.asyncIterator]();
  let isOver = false;
  const over = () => {
    if (!isOver) onOver();
    isOver = true;
  };
  return {
    async next() {
      try {
        const result = await source.next();
        if (result.done) over();
        return result;
      } catch (error) {
        over();
        throw error;
      }
    },
    async return() {
      over();
      await source.return?.();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

interface Operation {
  document: DocumentNode;
  operationName?: string | null | undefined;
}

function operationOf({ document, operationName }: Operation | ExecutionArgs): string {
  const selections = getOperationAST(document, operationName)?.selectionSet.selections ?? [];
  const field = selections.find((selection) => selection.kind === 'Field');
  return field?.name.value ?? 'fragment';
}

function hasErrors(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'errors' in result && result.errors !== undefined;
}
