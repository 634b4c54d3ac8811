/** The id by which the API names a row. */
export function nodeId(type: string, rowId: string): string {
  return `${type}_${rowId}`;
}

/** The id of the row that the API names so. */
export function rowIdOf(nodeId: string): string {
  return nodeId.slice(nodeId.indexOf('_') + 1);
}
