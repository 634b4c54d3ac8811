/** Maximum average of UTF-16 code units per kept grapheme: the longest emoji sequence of Unicode 16 has 15. */
const UNITS_PER_GRAPHEME = 16;

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });

/**
 * The beginning of a text: at most `max` graphemes (UAX #29: what a reader sees as one character), never a part of one.
 *
 * It also has at most 16 UTF-16 code units per allowed grapheme, so that a letter with a thousand combining marks does not
 * count as one. Reads no further than it keeps.
 */
export function firstGraphemes(text: string, max: number): string {
  const bounded = firstUnits(text, max * UNITS_PER_GRAPHEME);
  let count = 0;
  for (const { index } of segmenter.segment(bounded)) {
    if (count === max) return bounded.slice(0, index);
    count += 1;
  }
  return bounded;
}

/** The longest beginning with at most `max` UTF-16 code units that cuts no grapheme; of a longer grapheme, whole code points. */
export function firstUnits(text: string, max: number): string {
  if (text.length <= max) return text;
  const seen = text.slice(0, max + WIDEST_GRAPHEME);
  const cut = segmenter.segment(seen).containing(max)?.index ?? max;
  return cut > 0 ? text.slice(0, cut) : text.slice(0, isSplitPair(text, max) ? max - 1 : max);
}

/** The whole graphemes of a text that end at or before `offset`, in UTF-16 code units. */
export function graphemesBefore(text: string, offset: number): string {
  if (offset >= text.length) return text;
  const around = text.slice(0, offset + WIDEST_GRAPHEME);
  return text.slice(0, segmenter.segment(around).containing(offset)?.index ?? 0);
}

/** The longest end with at most `max` UTF-16 code units that cuts no grapheme; of a longer grapheme, whole code points. */
export function lastUnits(text: string, max: number): string {
  if (text.length <= max) return text;
  const from = text.length - max;
  // Reads from a little earlier: the code point at the cut may belong to the grapheme before it.
  const before = Math.max(0, from - WIDEST_GRAPHEME);
  const grapheme = segmenter.segment(text.slice(before)).containing(from - before);
  const starts = grapheme === undefined ? from : before + grapheme.index;
  if (starts === from) return text.slice(from);
  const next = starts + (grapheme?.segment.length ?? 0);
  return next < text.length ? text.slice(next) : text.slice(isSplitPair(text, from) ? from + 1 : from);
}

/** How far around a cut to read to find its grapheme, in UTF-16 code units. */
const WIDEST_GRAPHEME = 64;

/** Whether a cut at `at` falls between the two halves of a code point. */
function isSplitPair(text: string, at: number): boolean {
  return (text.codePointAt(at - 1) ?? 0) > 0xffff;
}
