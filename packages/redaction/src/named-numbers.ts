import { isDigit } from './digit-groups.ts';
import { isLetter } from './number-edges.ts';
import { OTHER_SUBJECTS } from './words/other-words.ts';

/** Groups of digits that directly follow a word, with any separators between them. */
export interface NamedNumber {
  readonly groups: readonly { start: number; end: number }[];
  /** The end of the word. */
  readonly named: number;
}

/**
 * The groups of digits that directly follow each of the words: at most `MOST_GROUPS`, which are joined by one separator, or
 * by one with blanks. The word says what they are, so they may be written in ways that alone would mean nothing.
 * @param text the text for words
 * @param numbers the text for numbers, of the same length
 * @param words a regular expression with the flag `g`
 * @param mayBeIds whether `id` may also follow the word, as in `Aadhaar id`; else a number with it is another one
 */
export function* namedNumbers(
  text: string,
  numbers: string,
  words: RegExp,
  { mayBeIds = true } = {},
): Generator<NamedNumber> {
  for (const { index, 0: word } of text.matchAll(words)) {
    const named = index + word.length;
    const gap = GAP.exec(numbers.slice(named, named + LONGEST_GAP))?.[0].length;
    if (gap === undefined) continue;
    const before = text.slice(Math.max(0, index - LONGEST_WORD), named + gap);
    if (namesOther(mayBeIds ? before.replace(IDS, (id) => ' '.repeat(id.length)) : before, gap)) continue;
    const groups = groupsFrom(numbers, named + gap);
    if (groups.length > 0) yield { groups, named };
  }
}

/** Whether a word for another number ends with the word, as in `gift card`, or in the gap after it. */
function namesOther(before: string, gap: number): boolean {
  for (const { index, 0: other } of before.matchAll(OTHER))
    if (index + other.length >= before.length - gap) return true;
  return false;
}

const LONGEST_WORD = 16;
const LONGEST_GAP = 28;
/** Everything up to the first digit on the line; a sentence's end is between a word and another number. */
const GAP = /^(?:[^\d\n.;!?|]|\.(?! \p{Lu})){0,24}(?=\d)/u;
const IDS = /(?<!\p{L})(?:ids?|आईडी)(?!\p{L})/giu;
const OTHER = new RegExp(OTHER_SUBJECTS, 'gi');

const MOST_GROUPS = 16;

function groupsFrom(text: string, from: number): { start: number; end: number }[] {
  const groups: { start: number; end: number }[] = [];
  let at = from;
  while (groups.length < MOST_GROUPS) {
    const start = at;
    while (at - start < MOST_DIGITS && isDigit(text.charCodeAt(at))) at++;
    if (at === start || (isLetter(text.charCodeAt(at)) && !NEXT_FIELD.test(text.slice(at, at + 6)))) break;
    groups.push({ start, end: at });
    const between = SEPARATOR.exec(text.slice(at, at + 4))?.[0];
    if (!between) break;
    at += between.length;
  }
  return groups;
}

const MOST_DIGITS = 20;
/** The name of the next field of a form whose line ends were lost. */
const NEXT_FIELD = /^(?:exp|cvv|cvc|valid|name|dob|pan)/i;
const SEPARATOR = /^(?:[ .:/,_+\t-]| ?[.:/_|-] ?| {2,3}|-{2,3}|[()]|\) ?-?|[ -]\()(?=\d)/;

/**
 * The shortest run of the groups from the first on whose digits are as many as wanted and accepted.
 * @returns its digits and end, or null
 */
export function fitting(
  text: string,
  { groups }: NamedNumber,
  accepts: (digits: string, isWhole: boolean) => boolean,
): { start: number; end: number } | null {
  const [first] = groups;
  if (!first) return null;
  let digits = '';
  for (const [index, { start, end }] of groups.entries()) {
    digits += text.slice(start, end);
    if (digits.length > MOST_DIGITS) return null;
    if (accepts(digits, index === groups.length - 1)) return { start: first.start, end };
  }
  return null;
}
