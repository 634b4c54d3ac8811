import type { Owner } from '../domain/owner.ts';
import type { PersonRows } from '../store/person-rows.ts';
import type { RawRow } from '../store/pg-rows.ts';
import { INVENTORY, type Table } from './inventory.ts';

export interface ExportOptions {
  rows: PersonRows;
  /** The id under which the API shows a row. */
  nodeId: (type: string, id: string) => string;
  now?: () => Date;
}

/** Reads the page after an id; null: the first. */
type ReadPage = (after: string | null) => Promise<RawRow[]>;

/**
 * Everything of a person as one JSON document, in pieces: it is read in pages and takes little memory, however much there is.
 * What is stored meanwhile may be in it or not. @throws {StoreUnavailableError}
 */
export async function* exportPerson(
  { rows, nodeId, now = () => new Date() }: ExportOptions,
  { owner, tenant }: Owner,
): AsyncGenerator<string> {
  const person = { owner, tenant };
  const { tables } = INVENTORY;
  const shown = (table: Table) => (row: RawRow) => JSON.stringify(shownOf(table, row, nodeId));
  const ofConversation = (row: RawRow) => withLists(shown(tables.conversations)(row), conversationLists(row));
  const conversationLists = ({ id }: RawRow) => ({
    messages: listOf(
      pages('id', (after) => rows.messages(person, String(id), after)),
      one(shown(tables.messages)),
    ),
    regenerations: listOf(
      pages('client_request_id', (after) => rows.regenerations(person, String(id), after)),
      one(shown(tables.regenerations)),
    ),
  });
  const calls = async function* () {
    yield* pages('id', (after) => rows.calls(person, after));
    yield* pages('id', (after) => rows.reportedCalls(person, after));
  };
  yield* withLists(JSON.stringify({ person, exportedAt: now() }), {
    account: listOf(
      pages('id', async (after) => (after === null ? rows.users(person) : [])),
      one(shown(tables.users)),
    ),
    signedIn: listOf(
      pages('id', (after) => rows.sessions(person, after)),
      one(shown(tables.sessions)),
    ),
    waysOfSigningIn: listOf(
      pages('id', (after) => rows.accounts(person, after)),
      one(shown(tables.accounts)),
    ),
    conversations: listOf(
      pages('id', (after) => rows.conversations(person, after)),
      ofConversation,
    ),
    inferenceLogs: listOf(calls(), one(shown(tables.inference_logs))),
    apiTokens: listOf(
      pages('id', (after) => rows.apiTokens(person, after)),
      one(shown(tables.api_tokens)),
    ),
  });
  yield '\n';
}

/** What an export shows of a row. */
function shownOf({ columns }: Table, row: RawRow, nodeId: ExportOptions['nodeId']): RawRow {
  return Object.fromEntries(
    Object.entries(columns).flatMap(([name, column]) => {
      if ('not' in column) return [];
      const value = row[name] ?? null;
      const isId = column.node !== undefined && value !== null;
      return [[column.as, isId ? nodeId(column.node, String(value)) : value]];
    }),
  );
}

/** Every row of a table, read in pages by the column `key`. */
async function* pages(key: string, read: ReadPage): AsyncGenerator<RawRow> {
  let after: string | null = null;
  while (true) {
    const page = await read(after);
    yield* page;
    const last = page.at(-1);
    if (!last) return;
    after = String(last[key]);
  }
}

type Pieces = AsyncIterable<string>;

function one(text: (row: RawRow) => string): (row: RawRow) => Pieces {
  return async function* (row) {
    yield text(row);
  };
}

/** A JSON array. */
async function* listOf(rows: AsyncIterable<RawRow>, pieces: (row: RawRow) => Pieces): AsyncGenerator<string> {
  let before = '[\n';
  for await (const row of rows) {
    yield before;
    yield* pieces(row);
    before = ',\n';
  }
  yield before === ',\n' ? '\n]' : '[]';
}

/** A JSON object with more fields: arrays. */
async function* withLists(object: string, lists: Record<string, Pieces>): AsyncGenerator<string> {
  yield object.slice(0, -1);
  for (const [name, pieces] of Object.entries(lists)) {
    yield `,${JSON.stringify(name)}:`;
    yield* pieces;
  }
  yield '}';
}
