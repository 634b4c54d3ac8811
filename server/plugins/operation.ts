import { type DocumentNode, getOperationAST } from 'graphql';

/**
 * What an operation is called where names must be few: the first field that it asks for, which is of the schema. The
 * name that it bears itself is a stranger's.
 */
export function operationOf({ document, operationName }: Operation): { type: string; field: string } {
  const operation = getOperationAST(document, operationName);
  const field = operation?.selectionSet.selections.find((selection) => selection.kind === 'Field');
  return { type: operation?.operation ?? 'unknown', field: field?.name.value ?? 'fragment' };
}

/** Whether a result, not the results of a subscription, bears errors. */
export function hasErrors(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'errors' in result && result.errors !== undefined;
}

interface Operation {
  document: DocumentNode;
  operationName?: string | null | undefined;
}
