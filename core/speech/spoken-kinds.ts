import { pauseOf } from './stops.ts';

/**
 * The role of a character in a word. space: ends it. joiner: does not change where it ends (marks, format characters). wide:
 * a letter of a script without spaces. word: any other letter, digit or emoji. stop: a mark with a pause. closer: may be
 * between a stop and the space after it. opener: begins an enclosed text. other: the rest, with no-break spaces.
 */
export type SpokenKind = 'space' | 'joiner' | 'wide' | 'word' | 'stop' | 'closer' | 'opener' | 'other';

/** The kind of one character, a string of one code point. */
export function kindOf(char: string): SpokenKind {
  return ASCII_KINDS[char.charCodeAt(0)] ?? classify(char);
}

const NO_BREAK_SPACE = /[\u00a0\u202f\u2007\ufeff]/u;
const JOINER = /[\p{M}\p{Cf}\p{Emoji_Modifier}]/u;
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ーｰ]/u;
const WORD = /[\p{L}\p{N}\p{Extended_Pictographic}\p{Regional_Indicator}]/u;
const CLOSER = /[\p{Pe}\p{Pf}"'*_~`>]/u;
const OPENER = /[\p{Ps}\p{Pi}]/u;

const ASCII_KINDS: readonly SpokenKind[] = Array.from({ length: 128 }, (_, code) =>
  classify(String.fromCharCode(code)),
);

function classify(char: string): SpokenKind {
  if (NO_BREAK_SPACE.test(char)) return 'other';
  if (/\s/u.test(char)) return 'space';
  if (pauseOf(char) !== 'none') return 'stop';
  if (JOINER.test(char)) return 'joiner';
  if (WIDE.test(char)) return 'wide';
  if (CLOSER.test(char)) return 'closer';
  if (WORD.test(char)) return 'word';
  return OPENER.test(char) ? 'opener' : 'other';
}
