import { createHash } from 'node:crypto';
import type pg from 'pg';
import { fromDatabase } from './unavailable.ts';
import type { Limit } from './writers-limit.ts';

export interface StatementsOptions {
  /** Of the connections of the pool that they use at once. */
  limit: Limit;
  /** Whether each is parsed once for a connection: not where connections share a session, which has each name once. */
  prepares: boolean;
  /** Told how long each took, in milliseconds. */
  onQuery?: ((ms: number) => void) | undefined;
}

/** A value of a statement; text of JSON is cast where it stands. */
export type SqlValue = string | number | boolean | Date | null | readonly string[] | readonly number[];

/**
 * Statements of our own on the hot path, each a round trip: by the driver, with what PostgreSQL has parsed before. Prisma sends
 * them as text each time, and takes 1.5 to 4 times as long.
 */
export class Statements {
  readonly #pool: pg.Pool;
  readonly #options: StatementsOptions;
  readonly #texts = new WeakMap<TemplateStringsArray, { text: string; hash: string }>();
  #prepares: boolean;
  /** Part of each name and text, for a pooler may know it by either: what was parsed before is left alone. */
  #generation = 0;

  constructor(pool: pg.Pool, options: StatementsOptions) {
    this.#pool = pool;
    this.#options = options;
    this.#prepares = options.prepares;
  }

  /** Runs one statement; answers its rows. @throws {StoreUnavailableError} */
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
    // By its text, for another version of this program may have prepared another under any other name.
    const made = { text, hash: createHash('sha256').update(text).digest('base64url').slice(0, 22) };
    this.#texts.set(strings, made);
    return made;
  }
}

/** SQLSTATE feature_not_supported: the tables have changed, as by a migration, since it was parsed. */
const CHANGED = '0A000';
/**
 * With these a statement was not run, for there is none of its name or there is one already: a pooler hands each transaction
 * to another session (invalid_sql_statement_name, duplicate_prepared_statement). PgBouncer knows names from version 1.21 on.
 */
const NOT_PREPARED: ReadonlySet<string> = new Set([CHANGED, '26000', '42P05']);
