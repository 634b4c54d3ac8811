import type pg from 'pg';
import type { Owner } from '../domain/owner.ts';
import { PreparedNames } from './prepared-names.ts';
import { type Pieces, type Sql, withSql } from './sql.ts';
import { fromDatabase } from './unavailable.ts';
import type { Limit } from './writers-limit.ts';

type Query = (config: pg.QueryConfig) => Promise<pg.QueryResult>;

export interface StatementsOptions {
  /** Bounds how many connections of the pool the statements use at once. */
  limit: Limit;
  /** Whether each is prepared once per connection. False if connections share a session, which has each name only once. */
  prepares: boolean;
  /** Called with the duration of each statement, in milliseconds. */
  onQuery?: ((ms: number) => void) | undefined;
  /** Runs a query that sees and changes rows of one owner alone; unless given, {@link Statements.as} adds no such bound. */
  queryAs?: ((owner: Owner, config: pg.QueryConfig) => Promise<pg.QueryResult>) | undefined;
}

/** A value of a statement. JSON is passed as text and cast in the statement. */
export type SqlValue = string | number | boolean | Date | null | readonly string[] | readonly number[];

/**
 * Runs statements of the hot path directly on the driver, as prepared statements, one round trip each. Prisma sends them as
 * text each time, and takes 1.5 to 4 times as long.
 */
export class Statements {
  readonly #query: Query;
  readonly #options: StatementsOptions;
  readonly #names: PreparedNames;
  /** Row security gives statements of an owner other plans. */
  readonly #ownersNames: PreparedNames;

  /** `query` sends a query on a connection of its own. */
  constructor(
    query: Query,
    options: StatementsOptions,
    names = new PreparedNames('', options.prepares),
    ownersNames = new PreparedNames('owner', options.prepares),
  ) {
    this.#query = query;
    this.#options = options;
    this.#names = names;
    this.#ownersNames = ownersNames;
  }

  /**
   * The same, but on a real PostgreSQL row security holds that the statements see and change rows of this owner alone. Each is
   * a transaction, still in one round trip.
   */
  as(owner: Owner): Statements {
    const { queryAs } = this.#options;
    if (!queryAs) return this;
    const query: Query = (config) => queryAs(owner, config);
    return new Statements(query, this.#options, this.#ownersNames, this.#ownersNames);
  }

  /** Runs one statement and returns its rows. @throws {StoreUnavailableError} */
  rows<T>(strings: TemplateStringsArray, ...given: readonly (SqlValue | Sql)[]): Promise<T[]> {
    const { pieces, values } = withSql(strings, given);
    return this.#options.limit(async () => {
      const begun = performance.now();
      const { rows } = await fromDatabase(this.#run(pieces, values));
      this.#options.onQuery?.(performance.now() - begun);
      return rows as T[];
    });
  }

  async #run(pieces: Pieces, values: readonly SqlValue[]): Promise<pg.QueryResult> {
    const plain = { text: this.#names.textOf(pieces), values: [...values] };
    const prepared = this.#names.of(pieces);
    if (!prepared) return this.#query(plain);
    try {
      return await this.#query({ ...plain, ...prepared });
    } catch (error) {
      if (!this.#names.hasFailed(error)) throw error;
      return this.#query(plain);
    }
  }
}
