/**
 * A text as one line for a list or a heading: every run of white space and control characters becomes one space, and is
 * removed at both ends. Bidirectional embeddings, overrides and isolates (UAX #9) are removed: without their end they would
 * reorder the text beside them. Directional marks and joiners stay, because scripts and emoji need them; lone surrogates
 * become U+FFFD.
 */
export function oneLine(text: string): string {
  return text.toWellFormed().replace(BIDI_CONTROLS, '').replace(GAPS, ' ').trim();
}

const BIDI_CONTROLS = /[\u202A-\u202E\u2066-\u2069]/g;
const GAPS = /[\s\p{Cc}]+/gu;
