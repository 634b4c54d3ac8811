import { endsInAbbreviation } from './abbreviations.ts';
import { maskCode } from './mask-code.ts';

/**
 * The end of the last complete sentence of a text, in UTF-16 code units, including closing marks (quotes, brackets, emphasis,
 * an emoji); 0 if no sentence is complete. Linear in the text's length.
 *
 * A sentence ends at
 * - a full stop, `!` or `?` before white space or at the end of the text, and the stops of scripts without a space after
 *   them (Chinese, Japanese, Devanagari, Arabic and others: Unicode's Sentence_Terminal);
 * - a line break, as in headings and lists, and the end of a fenced code block.
 *
 * It does not end inside code (inline, fenced, or still open), a number, an address or a file name; after an abbreviation,
 * an initial or a list marker; before a small letter after a stop or a quotation; or at an ellipsis, unless a new sentence
 * clearly follows it. This differs from UAX #29 (`Intl.Segmenter`), which knows no abbreviations and no Markdown, and treats
 * the end of every text as the end of a sentence.
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
/** Footnotes such as `[1]` may follow the closing marks. */
const POSSIBLE_END =
  /\n|(?<marks>[.…‥!?\p{Sentence_Terminal}]+)(?<closers>["'”’“»«›‹)\]*_~\p{Pe}\p{Pf}]*)(?:\[\^?\d{1,3}\])*/gu;
/** An emoji after a sentence, as in "Great! 🎉", is not an unfinished sentence. */
const TRAILING_EMOJI =
  /^(?:[\s\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}]|\u200D|\uFE0F)+$/u;

/** What follows a possible end: whether there is white space, and the first character after it (empty at the text's end). */
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
  if (!'.!?'.includes(mark)) return !CONTINUES_UNSPACED.test(next.character) || closers === '';
  if (mark !== '.') {
    if (!next.spaced) return UNSPACED_SCRIPT.test(next.character);
    return !(closers !== '' && /\p{Ll}/u.test(next.character));
  }
  if (!next.spaced || /\p{Ll}/u.test(next.character)) return false;
  if (LIST_MARKER.test(before)) return false;
  return closers !== '' || !endsInAbbreviation(before, next.character);
}

/** Scripts without spaces, in which `!` and `?` may still be ASCII. */
const UNSPACED_SCRIPT = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
/** A Japanese sentence continues after a quotation with a particle: 「行く。」と言った. */
const CONTINUES_UNSPACED = /[とっ]/;
/** A number, a letter or a small Roman numeral at the beginning of a line. */
const LIST_MARKER = /(?:^|\n)[\s>*+#-]*(?:\d{1,9}|\p{L}|[ivxIVX]{2,5})$/u;

/** A line with only Markdown marks is not a sentence. */
function endsAtLineBreak(before: string): boolean {
  return !BARE_MARKER.test(before) || RULE.test(before);
}

const BARE_MARKER = /(?:^|\n)[\s>*+#-]*(?:\d{1,9}[.)])?[ \t]*$/;
const RULE = /(?:^|\n) {0,3}(?:-{3,}|\*{3,})[ \t]*$/;
