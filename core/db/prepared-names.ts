import { createHash } from 'node:crypto';
import type { Pieces } from './sql.ts';

/** SQLSTATE feature_not_supported: the tables have changed since it was prepared, for example by a migration. */
const CHANGED = '0A000';
/**
 * The statement was not run, because its name is unknown or taken in the session: a pooler gives each transaction another
 * session (invalid_sql_statement_name, duplicate_prepared_statement). PgBouncer supports names from version 1.21.
 */
const NOT_PREPARED: ReadonlySet<string> = new Set([CHANGED, '26000', '42P05']);

/** The names of prepared statements: each is prepared once per connection. */
export class PreparedNames {
  readonly #label: string;
  readonly #texts = new WeakMap<Pieces, { text: string; hash: string }>();
  #areUsed: boolean;
  /** Part of each name and text, as a pooler may identify a statement by either. A new generation prepares all again. */
  #generation = 0;

  /** `label`: keeps the same text apart from another one's. `areUsed`: false where connections share a session. */
  constructor(label: string, areUsed: boolean) {
    this.#label = label;
    this.#areUsed = areUsed;
  }

  /** The text with its parameters. */
  textOf(strings: Pieces): string {
    return this.#of(strings).text;
  }

  /** The statement to prepare; null: it is sent without a name. */
  of(strings: Pieces): { name: string; text: string } | null {
    if (!this.#areUsed) return null;
    const { text, hash } = this.#of(strings);
    const about = `${this.#label}${this.#generation || ''}`;
    return about === '' ? { name: hash, text } : { name: `${hash}-${about}`, text: `/* ${about} */ ${text}` };
  }

  /** Whether an error means that the statement has to be sent without its name. */
  hasFailed(error: unknown): boolean {
    const { code } = error as { code?: unknown };
    if (typeof code !== 'string' || !NOT_PREPARED.has(code)) return false;
    if (code === CHANGED) this.#generation += 1;
    else this.#areUsed = false;
    return true;
  }

  #of(strings: Pieces): { text: string; hash: string } {
    const known = this.#texts.get(strings);
    if (known) return known;
    const text = strings.reduce((before, part, i) => `${before}$${i}${part}`);
    // A hash of the text: under any other name, another version of this program may have prepared another statement.
    const made = { text, hash: createHash('sha256').update(text).digest('base64url').slice(0, 22) };
    this.#texts.set(strings, made);
    return made;
  }
}
