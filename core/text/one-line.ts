/**
 * A text as one line for a list or a heading: every run of white space and control characters is one space, none at
 * either end. Bidirectional embeddings, overrides and isolates (UAX #9) are left out: cut off from their end they would turn
 * round the text beside them. Directional marks and joiners stay, as scripts and emoji need them; lone surrogates become U+FFFD.
 */
export function oneLine(text: string): string {
  return text.toWellFormed().replace(BIDI_CONTROLS, '').replace(GAPS, ' ').trim();
}

const BIDI_CONTROLS = /[\u202A-\u202E\u2066-\u2069]/g;
const GAPS = /[\s\p{Cc}]+/gu;
