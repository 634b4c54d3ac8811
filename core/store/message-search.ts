import type { Message } from '../../generated/prisma/client.ts';
import type { Database } from '../db/database.ts';
import { timeOfId } from '../domain/ids.ts';
import { type Owner, ownerOf } from '../domain/owner.ts';
import { lookUpOf, searchKeyOf, stemmedWordsOf, wordsOf } from '../search/index-terms.ts';
import { matchesIn } from '../search/matching.ts';
import type { SearchQuery } from '../search/search-query.ts';
import { type Snippet, searchedLine, snippetOf } from '../search/snippet.ts';
import type { OwnRows } from './own-rows.ts';
import type { Stems } from './stems.ts';

/** A place in the order of the hits of a query. */
export interface HitKey {
  /** The newest message when the first page was read: newer ones are not on the pages after it. */
  readonly newest: string;
  /** Higher is better. */
  readonly score: number;
  readonly id: string;
}

export interface Hit {
  readonly key: HitKey;
  readonly message: Message;
  readonly snippet: Snippet;
}

/** The hits of a query are among so many of the newest messages that match it. */
const MOST_HITS = 500;
/** How many of the owner's newest messages are read before the index. */
const NEAR = 1_500;
/** At least so many proposals are read at once: of those of a phrase most can be none, however small the page is. */
const LEAST_READ = 50;
const NEWEST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

interface Candidate {
  id: string;
  word_count: number;
  is_exact: boolean;
}

/** Searches the messages of one owner at a time. */
export class MessageSearch {
  readonly #database: Pick<Database, 'searchAs'>;
  readonly #stems: Stems;

  constructor(database: Pick<Database, 'searchAs'>, stems: Stems) {
    this.#database = database;
    this.#stems = stems;
  }

  /**
   * The hits after a key, best first, at most `take`. What the index proposes is read as the owner's own rows, and the text
   * of each decides whether it is a hit.
   * @throws {StoreUnavailableError} also when it takes too long
   */
  async hits(
    query: SearchQuery,
    by: Owner,
    own: Pick<OwnRows, 'messages'>,
    { after, take }: { after: HitKey | null; take: number },
  ): Promise<Hit[]> {
    const ranked = await this.#ranked(query, ownerOf(by), after);
    const hits: Hit[] = [];
    const batch = Math.max(take, LEAST_READ);
    for (let read = 0; read < ranked.length && hits.length < take; ) {
      const keys = ranked.slice(read, read + batch);
      read += keys.length;
      hits.push(...(await this.#verified(query, by, keys, await own.messages(keys.map(({ id }) => id)))));
    }
    return hits.slice(0, take);
  }

  async #ranked(query: SearchQuery, owner: Owner, after: HitKey | null): Promise<HitKey[]> {
    const rows = await this.#database.searchAs(owner, async (sql) => {
      const { any, exact } = lookUpOf(query, owner, await this.#stems.of(stemmedWordsOf(query), sql));
      return sql.rows<Candidate>`
        SELECT * FROM search_candidates(${searchKeyOf(owner)}::text, ${any}::tsquery, ${exact}::tsquery,
          ${after?.newest ?? NEWEST}::uuid, ${MOST_HITS}::int, ${NEAR}::int)`;
    });
    const newest =
      after?.newest ??
      rows
        .map(({ id }) => id)
        .toSorted()
        .at(-1) ??
      NEWEST;
    return rows
      .map((row) => ({ newest, score: scoreOf(row, newest), id: row.id }))
      .filter((key) => after === null || compareKeys(after, key) < 0)
      .sort(compareKeys);
  }

  async #verified(
    query: SearchQuery,
    owner: Owner,
    keys: readonly HitKey[],
    messages: readonly Message[],
  ): Promise<Hit[]> {
    const lines = new Map(messages.map(({ id, content }) => [id, searchedLine(content)]));
    const like = stemmedWordsOf(query);
    const words = [...like, ...[...lines.values()].flatMap((line) => wordsOf(line, like))];
    const stemsOf = await this.#database.searchAs(owner, (sql) => this.#stems.of([...new Set(words)], sql));
    const byId = new Map(messages.map((message) => [message.id, message]));
    return keys.flatMap((key) => {
      const [message, line] = [byId.get(key.id), lines.get(key.id)];
      const matches = line === undefined ? null : matchesIn(line, query, stemsOf);
      return message && line !== undefined && matches
        ? [{ key, message, snippet: snippetOf(line, matches) }]
        : [];
    });
  }
}

/** Best first; of equal ones the newest. */
function compareKeys(one: HitKey, other: HitKey): number {
  if (one.score !== other.score) return other.score - one.score;
  return one.id < other.id ? 1 : one.id > other.id ? -1 : 0;
}

const DAY_MS = 86_400_000;

/**
 * From 0 to 1. Words as they were written count more than other forms of them, a short message more than a long one, a new one
 * more than an old one: after 30 days the part of the age is halved, and it never falls below a quarter.
 */
function scoreOf({ id, word_count, is_exact }: Candidate, newest: string): number {
  const days = Math.max(0, timeOfId(newest) - timeOfId(id)) / DAY_MS;
  const form = is_exact ? 1 : 0.6;
  const brevity = 1 / (1 + Math.log2(1 + word_count / 32) / 4);
  const age = 0.25 + 0.75 / (1 + days / 30);
  return form * brevity * age;
}
