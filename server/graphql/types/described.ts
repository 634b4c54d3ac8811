/** The description of an enum, which says that clients must not take its values for a closed list. */
export function mayGrow(description: string): string {
  return `${description} More values may be added: treat a value that you do not know as an unknown state.`;
}

type Described<V extends string> = { [K in V]: { value: K; description: string } };

/** The values of an enum, each with its description. */
export function described<const V extends string>(
  values: readonly V[],
  descriptions: Record<V, string>,
): Described<V> {
  const entries = values.map((value) => [value, { value, description: descriptions[value] }]);
  return Object.fromEntries(entries) as Described<V>;
}
