import type { Statements } from '../db/statements.ts';
import type { Owner } from '../domain/owner.ts';
import { searchKeyOf, termsOf, wordsOf } from '../search/index-terms.ts';
import { searchedLine } from '../search/snippet.ts';
import type { Stems } from './stems.ts';

/** How many messages one step indexes. */
const BATCH = 100;
const BEFORE_ALL = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

interface Source extends Owner {
  id: string;
  content: string;
  hash: string;
}

/** Writes the words of messages into the index. Several processes may do so at once. */
export class SearchIndex {
  readonly #sql: Statements;
  readonly #stems: Stems;
  readonly #languages: string;

  /** `languages`: see {@link Stems}. */
  constructor(sql: Statements, stems: Stems, languages: readonly string[]) {
    this.#sql = sql;
    this.#stems = stems;
    this.#languages = languages.join();
  }

  /** Lets every message be indexed once more if the index has the stems of other languages. @throws {StoreUnavailableError} */
  async followLanguages(): Promise<void> {
    await this.#sql.rows`
      INSERT INTO search_progress AS p (languages, before) VALUES (${this.#languages}, ${BEFORE_ALL}::uuid)
      ON CONFLICT (id) DO UPDATE SET languages = EXCLUDED.languages, before = EXCLUDED.before
      WHERE p.languages <> EXCLUDED.languages`;
  }

  /** Indexes messages that have changed. @returns whether there may be more @throws {StoreUnavailableError} */
  async addChanged(): Promise<boolean> {
    const waiting = await this.#sql.rows<{ number: string; message: string }>`
      SELECT id::text AS number, message_id AS message FROM messages_to_index ORDER BY id LIMIT ${BATCH}::int`;
    if (waiting.length === 0) return false;
    await this.#add(await this.#sources(waiting.map(({ message }) => message)));
    // A change meanwhile has a row of its own.
    await this.#sql.rows`
      DELETE FROM messages_to_index WHERE id = ANY(${waiting.map(({ number }) => number)}::bigint[])`;
    return waiting.length === BATCH;
  }

  /** Indexes messages from before the index, newest first. @returns whether there may be more @throws {StoreUnavailableError} */
  async addOlder(): Promise<boolean> {
    const older = await this.#sql.rows<{ id: string; before: string }>`
      SELECT m.id, p.before FROM search_progress p, LATERAL (
        SELECT id FROM messages WHERE id < p.before ORDER BY id DESC LIMIT ${BATCH}::int) AS m
      ORDER BY m.id DESC`;
    await this.#add(await this.#sources(older.map(({ id }) => id)));
    const isLast = older.length < BATCH;
    const before = older[0]?.before ?? null;
    await this.#sql.rows`
      UPDATE search_progress SET before = ${isLast ? null : (older.at(-1)?.id ?? null)}::uuid
      WHERE before IS NOT NULL AND (${before}::uuid IS NULL OR before = ${before}::uuid)`;
    return !isLast;
  }

  #sources(ids: readonly string[]): Promise<Source[]> {
    return this.#sql.rows<Source>`
      SELECT m.id, m.content, md5(m.content) AS hash, c.owner, c.tenant
      FROM messages m JOIN conversations c ON c.id = m.conversation_id WHERE m.id = ANY(${[...new Set(ids)]}::uuid[])`;
  }

  /** What another process has changed meanwhile is left to the step that finds that change. */
  async #add(sources: readonly Source[]): Promise<void> {
    if (sources.length === 0) return;
    const lines = sources.map(({ content }) => searchedLine(content));
    const stemsOf = await this.#stems.of([...new Set(lines.flatMap((line) => wordsOf(line)))], this.#sql);
    const rows = sources.map(({ id, hash, owner, tenant }, i) => {
      const terms = termsOf(lines[i] ?? '', stemsOf);
      return { id, hash, owner, tenant, key: searchKeyOf({ owner, tenant }), size: terms.length, terms };
    });
    await this.#sql.rows`
      WITH given AS (
        SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
          AS g(id uuid, hash text, owner text, tenant text, key text, size int, terms jsonb)),
      unchanged AS MATERIALIZED (
        SELECT given.* FROM given JOIN messages m ON m.id = given.id JOIN conversations c ON c.id = m.conversation_id
        WHERE md5(m.content) = given.hash AND c.owner = given.owner AND c.tenant = given.tenant
        ORDER BY m.id FOR SHARE OF m)
      INSERT INTO message_words (message_id, owner_key, size, words)
      SELECT id, key, size, array_to_tsvector(ARRAY(SELECT key || term FROM jsonb_array_elements_text(terms) AS term))
      FROM unchanged
      ON CONFLICT (message_id) DO UPDATE
        SET owner_key = EXCLUDED.owner_key, size = EXCLUDED.size, words = EXCLUDED.words`;
  }
}
