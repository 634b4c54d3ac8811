import { firstGraphemes } from './graphemes.ts';
import { oneLine } from './one-line.ts';

/** Maximum length of a preview, in graphemes. */
export const PREVIEW_GRAPHEMES = 140;

/** How much of a message is read, in UTF-16 code units: enough for a preview even if most of it is marks and white space. */
const READ_UNITS = 4_000;

/**
 * A message as one line of a list, at most {@link PREVIEW_GRAPHEMES} graphemes: its words without the most common Markdown
 * marks (headings, quotes, lists, rules, emphasis, links, code), with white space collapsed. Text that only looks like
 * Markdown, such as `2 * 3 * 4` or `snake_case_name`, stays. A message that consists only of marks stays as it is.
 */
export function previewOf(text: string): string {
  const read = text
    .trimStart()
    .slice(0, READ_UNITS)
    .replace(/[\uD800-\uDBFF]$/, '');
  const words = oneLine(withoutMarks(read));
  return firstGraphemes(words || oneLine(read), PREVIEW_GRAPHEMES).trimEnd();
}

/** A text without the most common Markdown marks; see {@link previewOf}. Linear in its length. */
export function withoutMarks(markdown: string): string {
  return MARKS.reduce((text, [mark, words]) => text.replace(mark, words), markdown);
}

/** Applied in order. Adjacent repetitions cannot match the same text, or are short, so each pass is linear. */
const MARKS: readonly (readonly [mark: RegExp, words: string])[] = [
  // Lines: fences, rules, table rules, then quotes, headings, list markers and task boxes at their beginning.
  [/^[ \t]{0,8}(?:`{3,}|~~~)[^\n`]*$/gm, ''],
  [/^ {0,3}(?:(?:\* ?){3,}|(?:- ?){3,}|(?:_ ?){3,}|={3,})[ \t]*$/gm, ''],
  [/^ {0,3}\|?[ \t]{0,8}:?---[-:| \t]*$/gm, ''],
  [/^[ \t]{0,8}(?:> ?){1,8}/gm, ''],
  [/^ {0,3}#{1,6}[ \t]+/gm, ''],
  [/^[ \t]{0,16}[-*+][ \t]+(?:\[[ xX]\][ \t]+)?/gm, ''],
  // Images and links keep their words.
  [/!?\[([^[\]\n]{1,400})\]\([^()\s]{0,1000}(?:[ \t]+"[^"\n]{0,200}")?\)/g, '$1'],
  [/<(https?:\/\/[^<>\s]{1,1000})>/g, '$1'],
  [/(`{1,2})([^`\n]{1,1000})\1/g, '$2'],
  // Emphasis: single marks that no word touches from outside; then double marks, which a word may touch, but no number.
  [/(?<![\p{L}\p{N}_])_(?=[^\s_])([^_\n]{0,600}[^\s_])_(?![\p{L}\p{N}_]|\.\w)/gu, '$1'],
  [/(?<![\p{L}\p{N}*])\*(?=[^\s*])([^*\n]{0,600}[^\s*])\*(?![\p{L}\p{N}*])/gu, '$1'],
  [/(?<![\p{L}\p{N}_])(_{2,3})(?=[^\s_])([^_\n]{0,600}[^\s_])\1(?![\p{L}\p{N}_]|\.\w)/gu, '$2'],
  [/(?<!\p{N})(\*{2,3}|~~)(?=[^\s*~])([^*~\n]{0,600}[^\s*~])\1(?!\p{N})/gu, '$2'],
];
