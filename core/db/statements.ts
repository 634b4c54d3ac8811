import { createHash } from 'node:crypto';
import type pg from 'pg';
import { fromDatabase } from './unavailable.ts';
import type { Limit } from './writers-limit.ts';

export interface StatementsOptions {
  /** Bounds how many connections of the pool the statements use at once. */
  limit: Limit;
  /** Whether each is prepared once per connection. False if connections share a session, which has each name only once. */
  prepares: boolean;
  /** Called with the duration of each statement, in milliseconds. */
  onQuery?: ((ms: number) => void) | undefined;
}

/** A value of a statement. JSON is passed as text and cast in the statement. */
export type SqlValue = string | number | boolean | Date | null | readonly string[] | readonly number[];

/**
 * Runs statements of the hot path directly on the driver, as prepared statements, one round trip each. Prisma sends them as
 * text each time, and takes 1.5 to 4 times as long.
 */
export class Statements {
  readonly #pool: pg.Pool;
  readonly #options: StatementsOptions;
  readonly #texts = new WeakMap<TemplateStringsArray, { text: string; hash: string }>();
  #prepares: boolean;
  /** Part of each name and text, as a pooler may identify a statement by either. A new generation prepares all again. */
  #generation = 0;

  constructor(pool: pg.Pool, options: StatementsOptions) {
    this.#pool = pool;
    this.#options = options;
    this.#prepares = options.prepares;
  }

  /** Runs one statement and returns its rows. @throws {StoreUnavailableError} */
  rows<T>(strings: TemplateStringsArray, ...values: readonly SqlValue[]): Promise<T[]> {
    const { text, hash } = this.#textOf(strings);
    return this.#options.limit(async () => {
      const begun = performance.now();
      const { rows } = await fromDatabase(this.#run(text, hash, values));
      this.#options.onQuery?.(performance.now() - begun);
      return rows as T[];
    });
  }

  async #run(text: string, hash: string, values: readonly SqlValue[]): Promise<pg.QueryResult> {
    const query = { text, values: [...values] };
    if (!this.#prepares) return this.#pool.query(query);
    try {
      const generation = this.#generation;
      const named = generation === 0 ? text : `/* ${generation} */ ${text}`;
      return await this.#pool.query({ ...query, text: named, name: `${hash}-${generation}` });
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (typeof code !== 'string' || !NOT_PREPARED.has(code)) throw error;
      if (code === CHANGED) this.#generation += 1;
      else this.#prepares = false;
      return this.#pool.query(query);
    }
  }

  #textOf(strings: TemplateStringsArray): { text: string; hash: string } {
    const known = this.#texts.get(strings);
    if (known) return known;
    const text = strings.reduce((before, part, i) => `${before}$${i}${part}`);
    // A hash of the text: under any other name, another version of this program may have prepared another statement.
    const made = { text, hash: createHash('sha256').update(text).digest('base64url').slice(0, 22) };
    this.#texts.set(strings, made);
    return made;
  }
}

/** SQLSTATE feature_not_supported: the tables have changed since it was prepared, for example by a migration. */
const CHANGED = '0A000';
/**
 * The statement was not run, because its name is unknown or taken in the session: a pooler gives each transaction another
 * session (invalid_sql_statement_name, duplicate_prepared_statement). PgBouncer supports names from version 1.21.
 */
const NOT_PREPARED: ReadonlySet<string> = new Set([CHANGED, '26000', '42P05']);
