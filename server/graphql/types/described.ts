/** The description of an enum: its values are not a closed list to those who switch over them. */
export function mayGrow(description: string): string {
  return `${description} More values may be added: treat those that you do not know as you would an unknown state.`;
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
