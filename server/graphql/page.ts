import { badInput } from './bad-input.ts';

export const DEFAULT_PAGE_SIZE = 20;
export const MAX_PAGE_SIZE = 100;

export interface PageArguments {
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}

/** A key of the list's order, decoded from a cursor. */
export interface PageQuery<Key> {
  after: Key | null;
  before: Key | null;
  /** One more than the page, to know whether there is more. */
  take: number;
  /** Whether to read from the end. */
  backwards: boolean;
}

export interface Page<Row> {
  edges: { cursor: string; node: Row }[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
}

/** How a list is keyed: its cursors are the keys, so a page costs the same wherever it stands. */
export interface Keyset<Row, Key> {
  keyOf(row: Row): Key;
  encode(key: Key): string;
  /** Null for anything that is not such a cursor. */
  decode(cursor: string): Key | null;
}

/**
 * One page of a list (Relay Cursor Connections Specification). `read` answers rows in the list's order, or in
 * reverse when `backwards`.
 * @throws {GraphQLError} BAD_USER_INPUT for a negative or too large size, for `first` with `last`, for a bad cursor
 */
export async function readPage<Row, Key>(
  args: PageArguments,
  keyset: Keyset<Row, Key>,
  read: (query: PageQuery<Key>) => Promise<Row[]>,
): Promise<Page<Row>> {
  const { first, last } = args;
  if (first != null && last != null) throw badInput('last', 'use either first or last, not both');
  const size = sizeOf('first', first) ?? sizeOf('last', last) ?? DEFAULT_PAGE_SIZE;
  const after = keyFrom('after', args.after, keyset);
  const before = keyFrom('before', args.before, keyset);
  const backwards = last != null;

  const rows = size === 0 ? [] : await read({ after, before, take: size + 1, backwards });
  const more = rows.length > size;
  const page = rows.slice(0, size);
  if (backwards) page.reverse();
  const edges = page.map((node) => ({ cursor: keyset.encode(keyset.keyOf(node)), node }));
  return {
    edges,
    pageInfo: {
      hasNextPage: backwards ? before !== null : more,
      hasPreviousPage: backwards ? more : after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

function sizeOf(argument: string, size: number | null | undefined): number | null {
  if (size == null) return null;
  if (size < 0) throw badInput(argument, 'must not be negative');
  if (size > MAX_PAGE_SIZE) throw badInput(argument, `must be at most ${MAX_PAGE_SIZE}`);
  return size;
}

function keyFrom<Row, Key>(
  argument: string,
  cursor: string | null | undefined,
  keyset: Keyset<Row, Key>,
): Key | null {
  if (cursor == null) return null;
  const key = keyset.decode(cursor);
  if (key === null) throw badInput(argument, 'not a cursor of this list');
  return key;
}
