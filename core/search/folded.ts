/** A text as searches compare it, with where each of its UTF-16 code units comes from. */
export interface Folded {
  readonly text: string;
  /** The range of the original that the units from `start` up to `end` of `text` come from; whole characters of it. */
  origin(start: number, end: number): TextRange;
}

/** A range in UTF-16 code units; `end` is not part of it. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

const ASCII = /^[\0-\x7f]*$/;
/** Letters with their marks; the sound marks of katakana in half width are letters to Unicode. */
const CHARACTERS = /\P{M}[\p{M}\uFF9E\uFF9F]*|\p{M}+/gu;
/** Scripts whose marks are left out when people type. */
const UNMARKED = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Arabic}\p{Script=Hebrew}]/u;
const SPELLED: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', ς: 'σ', ё: 'е' },
  // Not seen: the Arabic tatweel, the soft hyphen, joiners and non-joiners.
  ...{ '\u0640': '', '\u00ad': '', '\u200c': '', '\u200d': '' },
};

/**
 * Folds case, widths and compatibility forms (Unicode NFKC), and the accents of Latin, Greek, Arabic and Hebrew letters. It is
 * done here and not in PostgreSQL, whose rules follow the locale of each database.
 */
export function fold(original: string): Folded {
  if (ASCII.test(original)) return { text: original.toLowerCase(), origin: (start, end) => ({ start, end }) };
  const starts: number[] = [];
  const ends: number[] = [];
  let text = '';
  for (const { 0: character, index } of original.matchAll(CHARACTERS)) {
    const folded = foldCharacter(character);
    for (let unit = 0; unit < folded.length; unit++) {
      starts.push(index);
      ends.push(index + character.length);
    }
    text += folded;
  }
  return {
    text,
    origin: (start, end) => ({
      start: starts[start] ?? original.length,
      end: end > start ? (ends[end - 1] ?? original.length) : (starts[start] ?? original.length),
    }),
  };
}

function foldCharacter(character: string): string {
  if (character.length === 1 && character < '\x80') return character.toLowerCase();
  const apart = character.toLowerCase().normalize('NFKD').toLowerCase();
  const bare = UNMARKED.test(apart) ? apart.replace(/\p{M}/gu, '') : apart;
  const whole = bare.normalize('NFC');
  return SPELLED[whole] ?? whole;
}
