import { NOTHING_SAID } from '../core/domain/texts.ts';

/** A passage of so many characters is a quotation, not a word that both happen to use. */
const QUOTATION = 12;

/**
 * The text, with every passage that it shares with one of `asked` left out: a provider's error may quote what it was asked.
 * {@link NOTHING_SAID} is nobody's, and shares words with what providers say of conversations.
 */
export function unquoted(text: string, asked: readonly string[]): string {
  const originals = asked.filter((original) => original !== NOTHING_SAID);
  let kept = '';
  let at = 0;
  while (at < text.length) {
    const length = quotedFrom(text, at, originals);
    kept += length > 0 ? '[…]' : text[at];
    at += Math.max(1, length);
  }
  return kept;
}

/** How many characters from there on are a quotation; 0: none. */
function quotedFrom(text: string, at: number, originals: readonly string[]): number {
  const source = originals.find((original) => original.includes(text.slice(at, at + QUOTATION)));
  if (source === undefined || at + QUOTATION > text.length) return 0;
  let end = at + QUOTATION;
  while (end < text.length && originals.some((original) => original.includes(text.slice(at, end + 1))))
    end += 1;
  return end - at;
}
