/** The API's id of a row. */
export function nodeId(type: string, rowId: string): string {
  return `${type}_${rowId}`;
}

/** The row's id within an id of the API. */
export function rowIdOf(nodeId: string): string {
  return nodeId.slice(nodeId.indexOf('_') + 1);
}
