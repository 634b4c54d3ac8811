import remend from 'remend';

/**
 * Markdown that has not all arrived, as it can be shown: what is begun in its last block (emphasis, code, a link) is closed, and
 * what is only a mark yet is left out. No other text changes, so that nothing jumps when the rest arrives.
 */
export function closeMarks(block: string): string {
  return remend(withoutDanglingMark(block), OPTIONS);
}

/**
 * A block of Markdown that has not all arrived, without its footnotes, whose texts come last: their marks would be shown as they are
 * written until then.
 */
export function withoutFootnotes(block: string): string {
  return block.includes('[^')
    ? block.replace(CODE_OR_FOOTNOTE, (written, ticks) => (ticks ? written : '')).trimEnd()
    : block;
}

/** Code in a line, where `[^` begins a class of characters; a definition to its line's end; a reference. */
const CODE_OR_FOOTNOTE = /(`+)[^`](?:[\s\S]*?[^`])?\1(?!`)|^ {0,3}\[\^[^\]\s]+\]:.*$|\[\^[^\]\s]+\]/gm;

const OPTIONS = {
  linkMode: 'text-only',
  katex: false,
  // These would change text before the end.
  comparisonOperators: false,
  singleTilde: false,
  // HTML is shown as text.
  htmlTags: false,
  // It adds a letter without width.
  setextHeadings: false,
} as const;

/** While text arrives, a line that is only "- " or "=" would make the paragraph above it a heading (CommonMark 4.3). */
const LINE_OF_MARKS = /\n[ \t]*[-=*+]{1,2}[ \t]*$/;

/** The first letters of emphasis, code, a link, a footnote. */
const OPENING_MARKS = /(^|[\s(])(?:\*{1,3}|_{1,3}|~{1,2}|`{1,2}|!?\[(?:\^[^\]\n]*)?)+$/;

/** Words in brackets, which in an answer are nearly always those of a link; not the box of a task. */
const WORDS_OF_LINK = /!?\[([^[\]\n]*\p{L}{2}[^[\]\n]*)\]$/u;

function withoutDanglingMark(block: string): string {
  return block.replace(OPENING_MARKS, '$1').replace(LINE_OF_MARKS, '').replace(WORDS_OF_LINK, '$1');
}
