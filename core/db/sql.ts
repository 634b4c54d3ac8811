import type { SqlValue } from './statements.ts';

/** Words of SQL that stand in a statement as they are, such as a direction. They come from this program, never from a caller. */
export class Sql {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** The pieces of a statement, between which its values stand. Equal ones are the same array. */
export type Pieces = readonly string[];

const known = new WeakMap<Pieces, Map<string, Pieces>>();

/** The pieces and values of a template, with its words of SQL made part of the pieces. */
export function withSql(
  strings: Pieces,
  given: readonly (SqlValue | Sql)[],
): { pieces: Pieces; values: SqlValue[] } {
  const values = given.flatMap((one) => (one instanceof Sql ? [] : [one]));
  if (values.length === given.length) return { pieces: strings, values };
  const words = given.map((one) => (one instanceof Sql ? one.text : null));
  const variants = known.get(strings) ?? new Map<string, Pieces>();
  known.set(strings, variants);
  const key = JSON.stringify(words);
  const pieces = variants.get(key) ?? joined(strings, words);
  variants.set(key, pieces);
  return { pieces, values };
}

/** `words`: what stands between two strings; null: a value. */
function joined(strings: Pieces, words: readonly (string | null)[]): Pieces {
  const pieces = [strings[0] ?? ''];
  for (const [i, word] of words.entries()) {
    const next = strings[i + 1] ?? '';
    if (word === null) pieces.push(next);
    else pieces.push(`${pieces.pop() ?? ''}${word}${next}`);
  }
  return pieces;
}
