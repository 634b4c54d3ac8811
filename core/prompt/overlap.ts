import { lastUnits } from '../text/graphemes.ts';

/** The length of the spoken text's end that is compared with the continuation, in UTF-16 code units. */
export const OVERLAP_UNITS = 200;
/** An overlap with fewer letters is taken for a coincidence. */
const LEAST_LETTERS = 3;
/** An overlap of at least this many units without white space is never a coincidence. Closing tags in a row have fewer. */
const CERTAIN_UNITS = 16;

/**
 * The continuation of an answer that broke off, without the text that was already spoken. A model that is asked to continue
 * often begins with the word, the line or the sentence in which the answer broke off. The longest beginning of the
 * continuation that is also the end of the spoken text, the overlap, is removed, unless it may be a coincidence. It is not a
 * coincidence
 *
 * - if it begins a word, stays in one line and has {@link LEAST_LETTERS} letters: "Hel" and "Hello" give "Hello", "in
 *   the" and "the sky" give "in the sky". But "bana" and "na", "breathe" and "the air", "20" and "2024", the closing
 *   brackets of code, and a single " " stay as they are;
 * - or if it has a letter and {@link CERTAIN_UNITS} units that are not white space.
 *
 * White space at the seam may differ: the spoken text may end with it, and the continuation may begin with it. But a single
 * word stays if the continuation has white space before it, or the spoken text a line break after it: " very" after "very"
 * and "end" after "end\n" may be intended. A word that repeats its first syllable at the break ("bar" and "barian") loses
 * it: models that repeat the beginning of a broken word are more common than such words.
 *
 * The joined result does not depend on how the text is split. A piece is held back only while it can be part of an overlap.
 * When `pieces` throws, the held text is dropped.
 */
export async function* withoutOverlap(spoken: string, pieces: AsyncIterable<string>): AsyncGenerator<string> {
  const seam = seamOf(spoken);
  let held: string | null = '';
  for await (const piece of pieces) {
    if (held === null) {
      yield piece;
      continue;
    }
    held += piece;
    const overlap = overlapOf(seam, held, false);
    if (overlap === null) continue;
    if (overlap < held.length) yield held.slice(overlap);
    held = null;
  }
  const rest = held?.slice(overlapOf(seam, held, true) ?? 0);
  if (rest) yield rest;
}

/** The end of the spoken text. */
interface Seam {
  /** The endings that are not a coincidence when repeated, the longest first. */
  endings: Ending[];
  /** The white space after the endings. */
  space: string;
}

interface Ending {
  text: string;
  /** Whether it is also not a coincidence after white space. */
  mayFollowSpace: boolean;
}

const words = new Intl.Segmenter('und', { granularity: 'word' });
/** The beginning of a word with the marks before it, such as the quotes of a quotation or the # of a heading. */
const MARKED_WORD = /(?<!\S)\S/g;

function seamOf(spoken: string): Seam {
  const trimmed = spoken.trimEnd();
  const tail = lastUnits(trimmed, OVERLAP_UNITS);
  const space = spoken.slice(trimmed.length);
  const wordStarts = [...words.segment(tail)].filter((word) => word.isWordLike).map((word) => word.index);
  const starts = new Set([...wordStarts, ...Array.from(tail.matchAll(MARKED_WORD), ({ index }) => index)]);
  const endings: Ending[] = [];
  for (let at = 0; at < tail.length; at += 1) {
    const text = tail.slice(at);
    const isOneWord = wordStarts.filter((start) => start >= at).length <= 1;
    const isLikely = starts.has(at) && isLikelyAgain(text) && !(isOneWord && space.includes('\n'));
    const isCertain = isCertainRepetition(text);
    if (isCertain || isLikely) endings.push({ text, mayFollowSpace: isCertain || !isOneWord });
  }
  return { endings, space };
}

function isLikelyAgain(text: string): boolean {
  return !text.includes('\n') && lettersIn(text) >= LEAST_LETTERS;
}

function isCertainRepetition(text: string): boolean {
  return lettersIn(text) > 0 && text.replace(/\s/g, '').length >= CERTAIN_UNITS;
}

/** Vowels that a script writes as marks, such as those of India, count as letters. */
function lettersIn(text: string): number {
  return text.match(/[\p{L}\p{M}]/gu)?.length ?? 0;
}

/** The length of the overlap at the beginning of `text`, in units; null while it depends on further text. */
function overlapOf({ endings, space }: Seam, text: string, isWhole: boolean): number | null {
  const body = text.trimStart();
  const lead = text.length - body.length;
  if (lead > OVERLAP_UNITS) return 0;
  for (const { text: ending, mayFollowSpace } of endings) {
    if (lead > 0 && !mayFollowSpace) continue;
    if (!isWhole && ending.length > body.length && ending.startsWith(body)) return null;
    if (!body.startsWith(ending)) continue;
    const rest = body.slice(ending.length);
    if (!isWhole && space !== '' && (isPartOf(space, rest) || HALF_A_PAIR.test(rest))) return null;
    if (space === '' || !WORD_CONTINUES.test(rest)) return lead + ending.length + commonLength(space, rest);
  }
  return 0;
}

/** Text after a false overlap: the spoken text had white space there, as in "sea " and "seaside". */
const WORD_CONTINUES = /^[\p{L}\p{M}\p{N}]/u;
const HALF_A_PAIR = /^[\uD800-\uDBFF]$/;

function isPartOf(space: string, rest: string): boolean {
  return rest.length < space.length && space.startsWith(rest);
}

function commonLength(one: string, other: string): number {
  let units = 0;
  while (units < one.length && one[units] === other[units]) units += 1;
  return units;
}
