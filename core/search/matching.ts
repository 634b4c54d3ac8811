import { fold, type TextRange } from './folded.ts';
import type { Needle, SearchQuery } from './search-query.ts';
import { type Token, tokensOf, wordOf } from './tokens.ts';

/** The stems of a word in the languages of the installation; the word itself need not be among them. */
export type StemsOf = (word: string) => readonly string[];

/**
 * Where a text matches a query, in its order and without overlaps; null when it does not match. This is what decides: the
 * index only proposes messages.
 */
export function matchesIn(text: string, query: SearchQuery, stemsOf: StemsOf): TextRange[] | null {
  const folded = fold(text);
  const tokens = tokensOf(folded.text);
  const find = (needle: Needle) => rangesOf(needle, folded.text, tokens, stemsOf);
  if (query.unwanted.some((needle) => find(needle).length > 0)) return null;
  const found: TextRange[] = [];
  for (const needle of query.wanted) {
    const ranges = find(needle);
    if (ranges.length === 0) return null;
    found.push(...ranges);
  }
  return joined(found.map(({ start, end }) => folded.origin(start, end)));
}

function rangesOf(needle: Needle, folded: string, tokens: readonly Token[], stemsOf: StemsOf): TextRange[] {
  const [first] = needle.tokens;
  if (!first) return [];
  if (needle.tokens.length > 1) return phrasesIn(needle.tokens, tokens);
  if (first.kind === 'run') return partsIn(folded, first.text);
  const isMatch = needle.isPhrase ? isWord(first) : isFormOf(first, needle.isPrefix, stemsOf);
  return tokens.filter((token) => token.kind === 'word' && isMatch(token)).map(rangeOf);
}

function isWord(wanted: Token): (token: Token) => boolean {
  const word = wordOf(wanted);
  return (token) => wordOf(token) === word;
}

function isFormOf(wanted: Token, isPrefix: boolean, stemsOf: StemsOf): (token: Token) => boolean {
  const word = wordOf(wanted);
  const forms = new Set([word, ...stemsOf(word)]);
  return (token) => {
    const other = wordOf(token);
    return (
      forms.has(other) ||
      (isPrefix && other.startsWith(word)) ||
      (mayShareStem(word, other) && stemsOf(other).some((stem) => forms.has(stem)))
    );
  };
}

/** Stemmers leave the beginning of a word as it is. */
export function mayShareStem(word: string, other: string): boolean {
  return word.slice(0, 2) === other.slice(0, 2);
}

function partsIn(folded: string, part: string): TextRange[] {
  const found: TextRange[] = [];
  for (let at = folded.indexOf(part); at >= 0; at = folded.indexOf(part, at + part.length))
    found.push({ start: at, end: at + part.length });
  return found;
}

/** A phrase may begin and end within a run, as it may within no word. */
function phrasesIn(phrase: readonly Token[], tokens: readonly Token[]): TextRange[] {
  const last = phrase.length - 1;
  return tokens.flatMap((_token, at) => {
    const parts = tokens.slice(at, at + phrase.length);
    const isHere =
      parts.length === phrase.length &&
      phrase.every(({ kind, text }, i) => {
        const part = parts[i];
        if (part?.kind !== kind) return false;
        if (kind === 'word' || (i > 0 && i < last)) return wordOf(part) === wordOf({ text });
        return i === 0 ? part.text.endsWith(text) : part.text.startsWith(text);
      });
    const [from, to] = [parts[0], parts[last]];
    if (!isHere || !from || !to) return [];
    const [begin, end] = [phrase[0], phrase[last]];
    const start =
      from.kind === 'run' ? from.start + from.text.length - (begin?.text.length ?? 0) : from.start;
    return [{ start, end: to.start + (to.kind === 'run' ? (end?.text.length ?? 0) : to.text.length) }];
  });
}

function rangeOf({ start, text }: Token): TextRange {
  return { start, end: start + text.length };
}

/** In their order; those that overlap or touch are one. */
function joined(ranges: readonly TextRange[]): TextRange[] {
  const result: TextRange[] = [];
  for (const range of ranges.toSorted((a, b) => a.start - b.start)) {
    const before = result.at(-1);
    if (before && range.start <= before.end)
      result[result.length - 1] = { start: before.start, end: Math.max(before.end, range.end) };
    else result.push(range);
  }
  return result;
}
