import { firstUnits } from '../text/graphemes.ts';
import { oneLine } from '../text/one-line.ts';
import { withoutMarks } from '../text/preview.ts';
import type { TextRange } from './folded.ts';

export interface Snippet {
  /** One line of plain text. */
  readonly text: string;
  /** Where it matches, in its order and without overlaps. */
  readonly matches: readonly TextRange[];
}

/** The longest snippet, in UTF-16 code units, without the signs of what is left out. */
const SNIPPET_UNITS = 240;
/** How much stands before the first match. */
const BEFORE_UNITS = 60;
/** How far a cut goes to the next space. */
const SPACE_WITHIN = 20;
const LEFT_OUT = '…';

/** The part of a line around its first match. `matches`: of the line, at least one. */
export function snippetOf(line: string, matches: readonly TextRange[]): Snippet {
  const first = matches[0]?.start ?? 0;
  const start = cutBefore(line, Math.max(0, first - BEFORE_UNITS), first);
  const part = firstUnits(line.slice(start), SNIPPET_UNITS);
  const end = start + part.length;
  const lead = start > 0 ? LEFT_OUT : '';
  const shift = lead.length - start;
  return {
    text: `${lead}${part}${end < line.length ? LEFT_OUT : ''}`,
    matches: matches
      .filter((range) => range.start < end)
      .map((range) => ({ start: range.start + shift, end: Math.min(range.end, end) + shift })),
  };
}

/** From a space if there is one, else from a place that parts no character. */
function cutBefore(line: string, at: number, first: number): number {
  if (at === 0) return 0;
  const space = line.indexOf(' ', at);
  if (space >= 0 && space - at <= SPACE_WITHIN && space < first) return space + 1;
  let place = at;
  while (place < first && /^[\p{M}\p{Cf}\uDC00-\uDFFF]/u.test(line.slice(place, place + 2))) place++;
  return place;
}

/** How much of a message is searched, in UTF-16 code units: its beginning. */
const SEARCHED_UNITS = 32_000;

/** A message as the line that is searched and shown: its beginning, without the marks of Markdown. */
export function searchedLine(content: string): string {
  return oneLine(withoutMarks(firstUnits(content, SEARCHED_UNITS)));
}
