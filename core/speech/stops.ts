import { endsInAbbreviation } from './abbreviations.ts';

/** The pause after a piece of text. */
export type Pause = 'none' | 'clause' | 'sentence';

/**
 * The pause after a punctuation mark in running text of any script, by Unicode's properties Sentence_Terminal (. ! ? 。 ！ ？
 * । ؟ …) and Terminal_Punctuation (, ; : ， ； ： 、 ، ؛). The ellipsis, which has neither, is added.
 */
export function pauseOf(mark: string): Pause {
  if (SENTENCE.test(mark)) return 'sentence';
  return CLAUSE.test(mark) && mark !== ETHIOPIC_WORD_SPACE ? 'clause' : 'none';
}

/**
 * Whether a full stop after `before` is part of an abbreviation within a sentence that continues.
 * `next` is the first character after it; empty at the end of the text or of the line.
 */
export function isAbbreviationStop(before: string, next: string): boolean {
  if (endsInAbbreviation(before, next)) return true;
  return CONTINUES.test(next) && MAYBE_LAST.has(LAST_WORD.exec(before)?.[0].toLowerCase() ?? '');
}

/** Whether the text at the beginning of a line is only the marker of a list item, as in "1." or "**b.**". */
export function isListMarker(text: string): boolean {
  return LIST_MARKER.test(text);
}

const ETHIOPIC_WORD_SPACE = '፡';
const SENTENCE = /[\p{Sentence_Terminal}…‥⋯]/u;
const CLAUSE = /\p{Terminal_Punctuation}/u;
const LAST_WORD = /[\p{L}.]+$/u;
const CONTINUES = /[\p{Ll}\p{Nd}(&–—-]/u;
const LIST_MARKER = /^[\s>*_#+-]*(?:\p{Nd}{1,9}|\p{L}|[ivxlc]{1,6})[.:)][*_]*\s*$/iu;

/** Abbreviations that may end a sentence: the text after them decides. */
const MAYBE_LAST = new Set(
  'etc inc ltd co corp bros jr sr a.m p.m u.s dept univ assn est min max ave blvd usw т.д т.п'.split(' '),
);
