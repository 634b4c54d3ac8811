/** What `names` calls a value of an enum; undefined for one that was added to the contract since. */
export function nameIn<Name>(names: Readonly<Record<string, Name>>, value: string): Name | undefined {
  return Object.hasOwn(names, value) ? names[value] : undefined;
}
