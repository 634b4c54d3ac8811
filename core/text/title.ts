import { firstGraphemes } from './graphemes.ts';
import { oneLine } from './one-line.ts';

/** Maximum length of a conversation's title, in graphemes. */
export const TITLE_GRAPHEMES = 80;

/**
 * The title that a conversation takes from its first user message: its text as one line, cut after
 * {@link TITLE_GRAPHEMES} graphemes, without an ellipsis and without white space at the cut.
 * Empty only when the message has no visible text.
 */
export function titleFrom(text: string): string {
  return firstGraphemes(oneLine(text), TITLE_GRAPHEMES).trimEnd();
}
