import { badInput } from './bad-input.ts';

export const DEFAULT_PAGE_SIZE = 20;
export const MAX_PAGE_SIZE = 100;

export interface PageArguments {
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}

/** What to read of a list. A key, decoded from a cursor, is a place in the list's order. */
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

/** How a list is keyed: its cursors are the keys, so a page costs the same wherever it is in the list. */
export interface Keyset<Row, Key> {
  keyOf(row: Row): Key;
  encode(key: Key): string;
  /** Null for any text that is not a cursor of this list. */
  decode(cursor: string): Key | null;
}

/**
 * One page of a list (Relay Cursor Connections Specification). `read` returns rows in the list's order, or in
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
  return pageOf(page, keyset, {
    hasNextPage: backwards ? before !== null : more,
    hasPreviousPage: backwards ? more : after !== null,
  });
}

/**
 * The page of {@link DEFAULT_PAGE_SIZE} around a row, with the row in its middle if the list is long enough on both
 * sides. `read` is as in {@link readPage}. @throws {GraphQLError} BAD_USER_INPUT when any other argument is given
 */
export async function readPageAround<Row, Key>(
  args: PageArguments,
  keyset: Keyset<Row, Key>,
  row: Row,
  read: (query: PageQuery<Key>) => Promise<Row[]>,
): Promise<Page<Row>> {
  const { first, after, last, before } = args;
  if ([first, after, last, before].some((value) => value != null))
    throw badInput('around', 'cannot be combined with first, after, last or before');
  const key = keyset.keyOf(row);
  const half = DEFAULT_PAGE_SIZE / 2;
  const [earlier, later] = await Promise.all([
    read({ after: null, before: key, take: half + 1, backwards: true }),
    read({ after: key, before: null, take: half, backwards: false }),
  ]);
  const page = [...earlier.slice(0, half).reverse(), row, ...later.slice(0, half - 1)];
  return pageOf(page, keyset, {
    hasNextPage: later.length === half,
    hasPreviousPage: earlier.length > half,
  });
}

function pageOf<Row, Key>(
  rows: readonly Row[],
  keyset: Keyset<Row, Key>,
  more: Pick<Page<Row>['pageInfo'], 'hasNextPage' | 'hasPreviousPage'>,
): Page<Row> {
  const edges = rows.map((node) => ({ cursor: keyset.encode(keyset.keyOf(node)), node }));
  const [startCursor, endCursor] = [edges[0]?.cursor ?? null, edges.at(-1)?.cursor ?? null];
  return { edges, pageInfo: { ...more, startCursor, endCursor } };
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
