import { fold } from './folded.ts';
import { type Token, tokensOf } from './tokens.ts';

/** What a message must have, or must not have: one token, or those of a phrase, which follow each other. */
export interface Needle {
  readonly tokens: readonly Token[];
  /** Written in quotes: its words match only as they are. */
  readonly isPhrase: boolean;
  /** The word may go on: it is the last one, which may be half typed. */
  readonly isPrefix: boolean;
}

export interface SearchQuery {
  /** At least one. */
  readonly wanted: readonly Needle[];
  readonly unwanted: readonly Needle[];
}

/** The longest query, in UTF-16 code units. */
const MAX_QUERY_UNITS = 200;
/** The most words of a query; a run of a script without spaces is one. */
const MAX_QUERY_WORDS = 16;
/** A shorter beginning would match most words. */
const MIN_PREFIX_UNITS = 2;

const CHUNKS = /(?<minus>[-\u2212]?)(?:["“”„«»](?<phrase>[^"“”„«»]*)["“”„«»]?|(?<plain>[^\s"“”„«»]+))/gu;

/**
 * Reads a query: words: a message must have each; `"a phrase"`; `-word` and `-"a phrase"`, which it must not have. The
 * last word may be the beginning of one. A quote without its end goes to the end of the query.
 *
 * @returns the reason when nothing can be searched by it
 */
export function readQuery(query: string): SearchQuery | { readonly fault: string } {
  if (query.length > MAX_QUERY_UNITS) return { fault: `must have at most ${MAX_QUERY_UNITS} characters` };
  if (query.includes('\0')) return { fault: 'must not have the character U+0000' };
  const wanted: Needle[] = [];
  const unwanted: Needle[] = [];
  for (const { groups = {}, 0: chunk, index } of query.matchAll(CHUNKS)) {
    const { minus, phrase, plain } = groups;
    const isLast = index + chunk.length === query.length && !minus;
    (minus ? unwanted : wanted).push(
      ...(phrase === undefined ? plainNeedles(plain ?? '', isLast) : phraseNeedles(phrase)),
    );
  }
  const words = [...wanted, ...unwanted].reduce((sum, { tokens }) => sum + tokens.length, 0);
  if (words > MAX_QUERY_WORDS) return { fault: `must have at most ${MAX_QUERY_WORDS} words` };
  if (wanted.length === 0)
    return { fault: 'must have a word, or a phrase in quotes, that a message shall have' };
  return { wanted, unwanted };
}

function plainNeedles(text: string, isLast: boolean): Needle[] {
  const tokens = tokensOf(fold(text).text);
  return tokens.map((token, i) => ({
    tokens: [token],
    isPhrase: false,
    isPrefix:
      isLast &&
      i === tokens.length - 1 &&
      token.kind === 'word' &&
      token.text.length >= MIN_PREFIX_UNITS &&
      /[\p{L}\p{N}\p{M}]$/u.test(text),
  }));
}

function phraseNeedles(text: string): Needle[] {
  const tokens = tokensOf(fold(text).text);
  return tokens.length === 0 ? [] : [{ tokens, isPhrase: true, isPrefix: false }];
}
