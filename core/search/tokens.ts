/**
 * A piece of a folded text that a search can find. A `word` stands between spaces or signs and is found whole or by its
 * beginning; a `run` is of a script that writes words together, or joins what belongs to them, and is found by any part.
 */
export interface Token {
  readonly kind: 'word' | 'run';
  readonly text: string;
  /** In UTF-16 code units of the folded text. */
  readonly start: number;
}

const RUN_SCRIPTS = [
  ...['Han', 'Hiragana', 'Katakana', 'Bopomofo', 'Hangul', 'Thai', 'Lao', 'Khmer', 'Myanmar', 'Tibetan'],
  ...['Devanagari', 'Bengali', 'Gurmukhi', 'Gujarati', 'Oriya', 'Tamil', 'Telugu', 'Kannada', 'Malayalam'],
  'Sinhala',
];
const RUN = `[${RUN_SCRIPTS.map((script) => `\\p{scx=${script}}`).join('')}]`;
const TOKENS = new RegExp(`((?:(?=${RUN})[\\p{L}\\p{N}\\p{M}])+)|(?:(?!${RUN})[\\p{L}\\p{N}\\p{M}])+`, 'gu');

/** The tokens of a folded text, in its order, without overlaps. */
export function tokensOf(folded: string): Token[] {
  return Array.from(folded.matchAll(TOKENS), ({ 0: text, 1: run, index }) => ({
    kind: run === undefined ? 'word' : 'run',
    text,
    start: index,
  }));
}

/** A longer word is found by its first so many code points: an index has no room for all of a long one. */
const WORD_POINTS = 40;

/** A word as it is compared. */
export function wordOf({ text }: Pick<Token, 'text'>): string {
  return text.length <= WORD_POINTS ? text : Array.from(text).slice(0, WORD_POINTS).join('');
}
