import { type DocumentNode, type ExecutionResult, getOperationAST } from 'graphql';

/**
 * The name of an operation in metrics and spans, where names must be few: its first field, which is one of the schema's.
 * Its own name is the caller's choice, and there is no bound on how many there are.
 */
export function operationOf({ document, operationName }: Operation): { type: string; field: string } {
  const operation = getOperationAST(document, operationName);
  const field = operation?.selectionSet.selections.find((selection) => selection.kind === 'Field');
  return { type: operation?.operation ?? 'unknown', field: field?.name.value ?? 'fragment' };
}

/** Whether a single result, and not the results of a subscription, has errors. */
export function hasErrors(result: unknown): result is Pick<ExecutionResult, 'errors'> {
  return typeof result === 'object' && result !== null && 'errors' in result && result.errors !== undefined;
}

interface Operation {
  document: DocumentNode;
  operationName?: string | null | undefined;
}
