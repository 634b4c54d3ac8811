import { endsInAbbreviation } from './abbreviations.ts';

/** How long a speaker rests after a piece of text. */
export type Pause = 'none' | 'clause' | 'sentence';

/**
 * The rest that a punctuation mark asks for in running text, whatever its script: Unicode's Sentence_Terminal (. ! ? 。 ！ ？ । ؟ …)
 * and Terminal_Punctuation (, ; : ， ； ： 、 ، ؛) properties, and the ellipsis, which has neither.
 */
export function pauseOf(mark: string): Pause {
  if (SENTENCE.test(mark)) return 'sentence';
  return CLAUSE.test(mark) && mark !== ETHIOPIC_WORD_SPACE ? 'clause' : 'none';
}

/**
 * Whether a full stop after `before` is part of an abbreviation, within a sentence that goes on.
 * `next` is the first character of what follows; empty when nothing does or a new line begins.
 */
export function isAbbreviationStop(before: string, next: string): boolean {
  if (endsInAbbreviation(before, next)) return true;
  return GOES_ON.test(next) && MAYBE_LAST.has(LAST_WORD.exec(before)?.[0].toLowerCase() ?? '');
}

/** Whether text that begins a line is nothing but the marker of a list item, as in "1." or "**b.**". */
export function isListMarker(text: string): boolean {
  return LIST_MARKER.test(text);
}

const ETHIOPIC_WORD_SPACE = '፡';
const SENTENCE = /[\p{Sentence_Terminal}…‥⋯]/u;
const CLAUSE = /\p{Terminal_Punctuation}/u;
const LAST_WORD = /[\p{L}.]+$/u;
const GOES_ON = /[\p{Ll}\p{Nd}(&–—-]/u;
const LIST_MARKER = /^[\s>*_#+-]*(?:\p{Nd}{1,9}|\p{L}|[ivxlc]{1,6})[.:)][*_]*\s*$/iu;

/** Abbreviations that end a sentence as often as not: what follows decides. */
const MAYBE_LAST = new Set(
  'etc inc ltd co corp bros jr sr a.m p.m u.s dept univ assn est min max ave blvd usw т.д т.п'.split(' '),
);
