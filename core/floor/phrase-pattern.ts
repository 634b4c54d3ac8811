import { fold, tokensOf } from './tokens.ts';

/** What a pattern of phrases stands for: words in a row, a choice between patterns, or a token of a line. */
export type PhrasePattern =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'sequence'; readonly parts: readonly PhrasePattern[] }
  | { readonly kind: 'choice'; readonly of: readonly PhrasePattern[] };

/**
 * The patterns of a list, which has a comma or a line break between them. In a pattern `(a|b c)` is a choice and `[a|b]` a choice
 * that may be left out: `thank you [so] much` stands for two phrases. Throws where brackets do not match.
 */
export function phrasePatterns(list: string): PhrasePattern[] {
  const known = new Map<string, readonly PhrasePattern[]>();
  const words = (piece: string) => {
    const patterns = known.get(piece) ?? wordsIn(piece);
    known.set(piece, patterns);
    return patterns;
  };
  return fold(list)
    .split(/[,\n]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => phrasePattern(line, words));
}

/** `words` returns those of a piece without brackets; most pieces are in many patterns. */
function phrasePattern(source: string, words: (piece: string) => readonly PhrasePattern[]): PhrasePattern {
  const pieces = source.match(/[()[\]|]|[^()[\]|]+/g) ?? [];
  let at = 0;

  function choice(): PhrasePattern {
    const of = [sequence()];
    while (pieces[at] === '|') {
      at += 1;
      of.push(sequence());
    }
    return { kind: 'choice', of };
  }

  function sequence(): PhrasePattern {
    const parts: PhrasePattern[] = [];
    for (let piece = pieces[at]; piece !== undefined && !/[)\]|]/.test(piece); piece = pieces[at]) {
      at += 1;
      parts.push(...(piece === '(' || piece === '[' ? [group(piece)] : words(piece)));
    }
    return { kind: 'sequence', parts };
  }

  function group(opening: string): PhrasePattern {
    const inner = choice();
    if (pieces[at] !== (opening === '(' ? ')' : ']')) throw new Error(`Brackets do not match: ${source}`);
    at += 1;
    return opening === '(' ? inner : { kind: 'choice', of: [inner, { kind: 'sequence', parts: [] }] };
  }

  const pattern = choice();
  if (at < pieces.length) throw new Error(`Brackets do not match: ${source}`);
  return pattern;
}

function wordsIn(text: string): PhrasePattern[] {
  return tokensOf(text).map((token) => ({ kind: 'token', token }));
}
