import { NOTHING_SAID } from '../core/domain/texts.ts';

/** Minimum length of a quotation, in characters: a shorter passage may be words that both texts happen to use. */
const QUOTATION = 12;

/**
 * Removes from `text` every passage that it shares with one of `asked`: a provider's error may quote the prompt.
 * {@link NOTHING_SAID} is ignored: no user wrote it, and it shares words with the errors of providers.
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

/** Length of the quotation at `at`, in characters; 0: none. */
function quotedFrom(text: string, at: number, originals: readonly string[]): number {
  const source = originals.find((original) => original.includes(text.slice(at, at + QUOTATION)));
  if (source === undefined || at + QUOTATION > text.length) return 0;
  let end = at + QUOTATION;
  while (end < text.length && originals.some((original) => original.includes(text.slice(at, end + 1))))
    end += 1;
  return end - at;
}
