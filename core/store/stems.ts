import type { Statements } from '../db/statements.ts';
import type { StemsOf } from '../search/matching.ts';

/** How many words are kept with their stems: those of a language that people use. */
const KEPT_WORDS = 50_000;

/** The stems of words by PostgreSQL's Snowball dictionaries. */
export class Stems {
  readonly #languages: readonly string[];
  readonly #known = new Map<string, readonly string[]>();

  /** `languages`: names of dictionaries without `_stem`, such as `english`. */
  constructor(languages: readonly string[]) {
    this.#languages = languages;
  }

  /** Reads what is not known yet by one statement. Words without a stem, such as stop words, have none. */
  async of(words: readonly string[], sql: Statements): Promise<StemsOf> {
    const found = new Map<string, readonly string[]>();
    const unknown = new Set<string>();
    for (const word of words) {
      const stems = this.#known.get(word);
      if (stems) found.set(word, stems);
      else unknown.add(word);
    }
    if (this.#languages.length > 0 && unknown.size > 0) {
      const read = await this.#read([...unknown], sql);
      for (const word of unknown) {
        const stems = read.get(word) ?? [];
        found.set(word, stems);
        this.#keep(word, stems);
      }
    }
    return (word) => found.get(word) ?? [];
  }

  async #read(words: readonly string[], sql: Statements): Promise<Map<string, string[]>> {
    const rows = await sql.rows<{ word: string; stems: string[] }>`
      SELECT word, array_agg(DISTINCT stem) AS stems
      FROM unnest(${words}::text[]) AS word, unnest(${this.#languages}::text[]) AS language,
        unnest(ts_lexize(('pg_catalog.' || language || '_stem')::regdictionary, word)) AS stem
      WHERE stem <> '' GROUP BY word`;
    return new Map(rows.map(({ word, stems }) => [word, stems]));
  }

  #keep(word: string, stems: readonly string[]): void {
    const [oldest] = this.#known.keys();
    if (this.#known.size >= KEPT_WORDS && oldest !== undefined) this.#known.delete(oldest);
    this.#known.set(word, stems);
  }
}
