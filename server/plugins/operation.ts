import { type DocumentNode, type ExecutionResult, getOperationAST, Kind } from 'graphql';

/**
 * The name of an operation in metrics and spans, where names must be few: its first field of the schema; clients such as
 * urql put `__typename` before it. Its own name is the caller's choice, and there is no bound on how many there are.
 */
export function operationOf({ document, operationName }: Operation): { type: string; field: string } {
  const operation = getOperationAST(document, operationName);
  const fields =
    operation?.selectionSet.selections.filter((selection) => selection.kind === Kind.FIELD) ?? [];
  const field = fields.find(({ name }) => name.value !== '__typename') ?? fields[0];
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
