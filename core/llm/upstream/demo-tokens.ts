import type { SeededRandom } from './seeded-random.ts';

/** Cuts a text as a model's tokenizer would: a word with the space before it, long words in pieces, punctuation by itself. */
export function* tokenPieces(text: string, random: SeededRandom): Generator<string> {
  for (const [word] of text.matchAll(WORD)) {
    const characters = [...GRAPHEMES.segment(word)].map(({ segment }) => segment);
    const ideographic = IDEOGRAPHIC.test(word);
    for (let at = 0; at < characters.length; ) {
      const left = characters.length - at;
      const most = ideographic ? 2 : left <= LONGEST_WHOLE ? left : 3 + Math.floor(random.next() * 4);
      yield characters.slice(at, at + most).join('');
      at += most;
    }
  }
}

const WORD = / ?[\p{L}\p{M}\p{N}'’]+|\s+|[^\s\p{L}\p{M}\p{N}]{1,3}/gu;
const IDEOGRAPHIC = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
/** Most English words of up to eight letters are one token with the space before them. */
const LONGEST_WHOLE = 9;
