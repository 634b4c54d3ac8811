import { endsInAbbreviation } from './abbreviations.ts';
import { maskCode } from './mask-code.ts';

/**
 * Where the last whole sentence of a text ends, in UTF-16 code units, what closes it (quotes, brackets, emphasis, an emoji) included;
 * 0 when no sentence is whole. Linear in the text's length.
 *
 * A sentence ends at
 * - a full stop, `!` or `?` before white space or at the end of the text, and at the stops of scripts that put no space
 *   after them (Chinese, Japanese, Devanagari, Arabic and others: Unicode's Sentence_Terminal);
 * - a line break, as in headings and lists, and the end of a fenced code block.
 *
 * It does not end inside code (inline, fenced, or still open), a number, an address or a file name; after an abbreviation, an initial
 * or a list marker; where a small letter goes on after a stop or after a quotation; or at an ellipsis, unless a new
 * sentence clearly follows it. This departs from UAX #29 (`Intl.Segmenter`), which knows no abbreviations and no Markdown and takes
 * every text's end for a sentence's.
 */
export function completedLength(text: string): number {
  const prose = maskCode(text);
  let completed = 0;
  for (const match of prose.matchAll(POSSIBLE_END)) {
    const end = match.index + match[0].length;
    const before = prose.slice(Math.max(0, match.index - LOOK_BACK), match.index);
    const { marks = '', closers = '' } = match.groups ?? {};
    if (marks === '' ? endsAtLineBreak(before) : endsAtMarks(marks, closers, before, nextAfter(prose, end)))
      completed = end;
  }
  return TRAILING_EMOJI.test(prose.slice(completed)) && completed > 0 ? text.length : completed;
}

/** Enough for the longest abbreviation and list marker. */
const LOOK_BACK = 24;
/** The closers may be followed by footnotes, such as `[1]`. */
const POSSIBLE_END =
  /\n|(?<marks>[.…‥!?\p{Sentence_Terminal}]+)(?<closers>["'”’“»«›‹)\]*_~\p{Pe}\p{Pf}]*)(?:\[\^?\d{1,3}\])*/gu;
/** Such as after "Great! 🎉": nothing that was still to be said. */
const TRAILING_EMOJI =
  /^(?:[\s\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}]|\u200D|\uFE0F)+$/u;

/** What follows a possible end: whether white space does, and the first character after it (empty at the end of the text). */
interface Next {
  spaced: boolean;
  character: string;
}

function nextAfter(prose: string, at: number): Next {
  NEXT.lastIndex = at;
  const [, space = '', character = ''] = NEXT.exec(prose) ?? [];
  return { spaced: space !== '' || character === '', character };
}

const NEXT = /(\s*)(.?)/suy;

function endsAtMarks(marks: string, closers: string, before: string, next: Next): boolean {
  const mark = marks.at(-1) ?? '';
  const ellipsis = /[…‥]$|\.\.$/.test(marks);
  if (ellipsis) return next.spaced && next.character !== '' && !/[\p{Ll}\p{N}]/u.test(next.character);
  if (!'.!?'.includes(mark)) return !GOES_ON_UNSPACED.test(next.character) || closers === '';
  if (mark !== '.') {
    if (!next.spaced) return UNSPACED_SCRIPT.test(next.character);
    return !(closers !== '' && /\p{Ll}/u.test(next.character));
  }
  if (!next.spaced || /\p{Ll}/u.test(next.character)) return false;
  if (LIST_MARKER.test(before)) return false;
  return closers !== '' || !endsInAbbreviation(before, next.character);
}

/** Scripts that are written without spaces, where `!` and `?` may be ASCII all the same. */
const UNSPACED_SCRIPT = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
/** Japanese goes on after a quotation with its particle: 「行く。」と言った. */
const GOES_ON_UNSPACED = /[とっ]/;
/** A number, a letter or a small Roman number at the beginning of a line. */
const LIST_MARKER = /(?:^|\n)[\s>*+#-]*(?:\d{1,9}|\p{L}|[ivxIVX]{2,5})$/u;

/** A line of nothing but Markdown marks has yet to say something. */
function endsAtLineBreak(before: string): boolean {
  return !BARE_MARKER.test(before) || RULE.test(before);
}

const BARE_MARKER = /(?:^|\n)[\s>*+#-]*(?:\d{1,9}[.)])?[ \t]*$/;
const RULE = /(?:^|\n) {0,3}(?:-{3,}|\*{3,})[ \t]*$/;
