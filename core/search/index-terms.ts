import { createHash } from 'node:crypto';
import { type Owner, ownerKey } from '../domain/owner.ts';
import { fold } from './folded.ts';
import { mayShareStem, type StemsOf } from './matching.ts';
import type { Needle, SearchQuery } from './search-query.ts';
import { type Token, tokensOf, wordOf } from './tokens.ts';

/*
 * The words of the index (a GIN index of PostgreSQL on tsvector). Each begins with the key of its owner, so that a look-up
 * reads entries of that owner alone, however many the others have. After it stands
 *   word   a word as it was written
 *   ~stem  a stem of a word, where it differs
 *   xy     two characters of a run that follow each other; and its last one alone, so that each is the beginning of an entry
 */

/** The most words of one message, and their size together in UTF-16 code units: a tsvector holds 1 MB at most. */
const MAX_TERMS = 20_000;
const MAX_TERMS_UNITS = 200_000;
/** The most pairs of a run that a look-up compares; the text itself decides about the rest. */
const MAX_PAIRS = 24;
const KEY_LENGTH = 6;

/** The key of an owner: 36 bits. That of two owners can be the same, so what a look-up finds is read as the owner's. */
export function searchKeyOf(owner: Owner): string {
  return createHash('sha256').update(ownerKey(owner)).digest('base64url').slice(0, KEY_LENGTH);
}

/** The words under which a message is stored in the index, without the owner's key; `text`: see searchedLine. */
export function termsOf(text: string, stemsOf: StemsOf): string[] {
  const terms = new Set<string>();
  let units = 0;
  const add = (term: string) => {
    if (terms.has(term) || terms.size >= MAX_TERMS || units + term.length > MAX_TERMS_UNITS) return;
    terms.add(term);
    units += term.length;
  };
  for (const token of tokensOf(fold(text).text)) for (const term of termsOfToken(token, stemsOf)) add(term);
  return [...terms];
}

/** The distinct words of a text, whose stems are needed for its terms; with `like` those that may share a stem with one. */
export function wordsOf(text: string, like?: readonly string[]): string[] {
  const words = new Set<string>();
  for (const token of tokensOf(fold(text).text)) if (token.kind === 'word') words.add(wordOf(token));
  return like ? [...words].filter((word) => like.some((other) => mayShareStem(other, word))) : [...words];
}

/** The words of a query that also match by their stems. */
export function stemmedWordsOf({ wanted, unwanted }: SearchQuery): string[] {
  return [...wanted, ...unwanted].flatMap(({ tokens: [first], isPhrase }) =>
    first?.kind === 'word' && !isPhrase ? [wordOf(first)] : [],
  );
}

function termsOfToken(token: Token, stemsOf: StemsOf): string[] {
  if (token.kind === 'run') return [...pairsOf(token.text), Array.from(token.text).at(-1) ?? ''];
  const word = wordOf(token);
  return [word, ...stemsOf(word).flatMap((stem) => (stem === word ? [] : [`~${stem}`]))];
}

function pairsOf(run: string): string[] {
  const points = Array.from(run);
  return points.slice(1).map((point, i) => `${points[i]}${point}`);
}

/** A query as a tsquery. `any`: matches whatever the query may match; `exact`: where each word stands as it was written. */
export function lookUpOf(
  query: SearchQuery,
  owner: Owner,
  stemsOf: StemsOf,
): { readonly any: string; readonly exact: string } {
  const key = searchKeyOf(owner);
  const all = (parts: readonly string[]) => parts.join(' & ');
  const wanted = query.wanted.map((needle) => anyOf(needle, key, stemsOf));
  const unwanted = query.unwanted.filter(isOneWord).map((needle) => `!${anyOf(needle, key, stemsOf)}`);
  return {
    any: all([...wanted, ...unwanted]),
    exact: all(query.wanted.map((needle) => exactOf(needle, key))),
  };
}

/** The index cannot exclude a phrase or a run: it does not say where in a message a word stands. */
function isOneWord({ tokens }: Needle): boolean {
  return tokens.length === 1 && tokens[0]?.kind === 'word';
}

function anyOf(needle: Needle, key: string, stemsOf: StemsOf): string {
  const [first] = needle.tokens;
  if (!first || needle.isPhrase || first.kind === 'run') return exactOf(needle, key);
  const word = wordOf(first);
  const forms = [...new Set([word, ...stemsOf(word)])];
  const entries = forms.flatMap((form) => [
    entry(key, form, needle.isPrefix && form === word),
    entry(key, `~${form}`),
  ]);
  return `(${entries.join(' | ')})`;
}

function exactOf({ tokens }: Needle, key: string): string {
  const entries = tokens.flatMap((token) => {
    if (token.kind === 'word') return [entry(key, wordOf(token))];
    const pairs = pairsOf(token.text).slice(0, MAX_PAIRS);
    return pairs.length > 0 ? pairs.map((pair) => entry(key, pair)) : [entry(key, token.text, true)];
  });
  return `(${entries.join(' & ')})`;
}

/** Terms have only letters, digits, marks and `~`, so that nothing in them has a meaning of its own. */
function entry(key: string, term: string, isPrefix = false): string {
  return `'${key}${term}'${isPrefix ? ':*' : ''}`;
}
