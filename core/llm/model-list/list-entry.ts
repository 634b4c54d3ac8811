/** An entry of a server's list of models, with unknown fields. */
export type ListEntry = Readonly<Record<string, unknown>>;

/** The value's fields; none if it is not an object. */
export function fieldsIn(value: unknown): ListEntry {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as ListEntry) : {};
}

export function stringsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

/** The value's objects; none if it is not an array. */
export function entriesIn(value: unknown): ListEntry[] {
  return Array.isArray(value) ? value.filter((one) => Object.keys(fieldsIn(one)).length > 0) : [];
}

/** A number of tokens; undefined if the value is not a plausible one. */
export function tokensIn(value: unknown): number | undefined {
  const tokens = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
  return Number.isInteger(tokens) && (tokens as number) > 0 && (tokens as number) <= MOST_TOKENS
    ? (tokens as number)
    : undefined;
}

/** The largest GraphQL Int. */
const MOST_TOKENS = 2_147_483_647;
