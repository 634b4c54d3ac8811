/** The name of an enum value in `names`; undefined for a value that this client does not know. */
export function nameIn<Name>(names: Readonly<Record<string, Name>>, value: string): Name | undefined {
  return Object.hasOwn(names, value) ? names[value] : undefined;
}
