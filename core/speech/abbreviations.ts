/**
 * Whether a full stop after `before` belongs to an abbreviation or an initial, so that the sentence continues.
 * `next` is the first character after the following white space; empty at the end of the text.
 *
 * `etc.`, `a.m.`, `Inc.` and the like do not count: before a capital letter they may end the sentence, and before a small
 * letter no full stop does.
 */
export function endsInAbbreviation(before: string, next: string): boolean {
  const word = LAST_WORD.exec(before)?.[1];
  if (word === undefined) return false;
  const lower = word.toLowerCase();
  if (BEFORE_NUMBERS.has(lower)) return /\p{Nd}/u.test(next);
  if (NEVER_LAST.has(lower) || TITLES.has(word)) return true;
  return next !== '' && word !== 'I' && INITIALS.test(word);
}

/** The last word with inner full stops, such as `e.g` and `U.S`. */
const LAST_WORD = /(?<![\p{L}\p{M}\p{N}.])([\p{L}\p{M}]+(?:\.[\p{L}\p{M}]+)*)$/u;
/** Small letters too, as in German "z. B." and French "p. ex.". */
const INITIALS = /^\p{L}(?:\.\p{L})*$/u;

/** Abbreviations that never end a sentence, in English, German, French, Spanish, Italian, Portuguese and Russian. */
const NEVER_LAST = new Set(
  `e.g i.e eg ie viz vs cf approx ca al resp incl excl esp
   z.b d.h u.a bzw ggf vgl evtl sog p.ej p.ex т.е напр`.split(/\s+/),
);

/** Titles before a name, with their capital letters: "st." may end a sentence, "St. Paul" does not. */
const TITLES = new Set(
  `Mr Mrs Ms Mx Messrs Dr Drs Prof Rev Fr Hon Pres Gov Sen Rep Gen Col Maj Lt Sgt Capt Cmdr Adm St Mt Ft dr prof
   Hr Hrn Mme Mlle Mgr Sr Sra Srta Dra Dott Avv Ing`.split(/\s+/),
);

/** Abbreviations before a number, which are separate words elsewhere. */
const BEFORE_NUMBERS = new Set(
  `no nos nr fig figs eq eqs sec sect ch chap p pp vol art par pt ed ver op stk
   jan feb mar apr jun jul aug sep sept oct nov dec`.split(/\s+/),
);
