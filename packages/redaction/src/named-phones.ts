import type { Finding } from './finding.ts';
import { type NamedNumber, namedNumbers } from './named-numbers.ts';
import { endOf } from './phone-edges.ts';
import { dialled, isExample, isInternational } from './phone-numbers.ts';
import { type PhonePlan, PLANS_BY_CALLING_CODE } from './phone-plans.ts';
import { isEpoch } from './phone-shapes.ts';
import { FOREIGN_PHONE_WORDS, FOREIGN_PHONES } from './words/foreign-phone-words.ts';

/**
 * Telephone numbers directly after a word for them, with any separators: of the regions after English words, and of the
 * countries of the word's language after others.
 * @param words the text for words, of the same length as `text`
 */
export function* findNamedPhones(
  text: string,
  words: string,
  regions: readonly PhonePlan[],
): Generator<Finding> {
  for (const named of namedNumbers(words, text, NAMES, { mayBeIds: false })) {
    const ending =
      /^\p{Script=Latin}*/u.exec(words.slice(named.named, named.named + LONGEST_WORD))?.[0] ?? '';
    const word = words.slice(Math.max(0, named.named - LONGEST_WORD), named.named) + ending;
    const found = longest(text, words, named, [...regions, ...plansOf(word)]);
    if (found) yield { kind: 'PHONE', ...found };
  }
}

const LONGEST_WORD = 16;
const ENGLISH =
  'phone|(?<![a-z])(?:mob|cell|tel|ph)(?![a-z])|mobile|call me|contact(?= (?:no|num|me)|:)|helpline|toll[ -]?free|(?<![a-z])(?:call|dial)(?= [\\d+(])';
const NAMES = new RegExp(`${ENGLISH}|${FOREIGN_PHONES}`, 'gi');

const LANGUAGES = FOREIGN_PHONE_WORDS.map(({ words, codes }) => ({
  names: new RegExp(words.source, 'i'),
  plans: codes.flatMap((code) => PLANS_BY_CALLING_CODE.get(code) ?? []),
}));

function plansOf(word: string): PhonePlan[] {
  return LANGUAGES.filter(({ names }) => names.test(word)).flatMap(({ plans }) => plans);
}

/** Ten digits in groups, also of numbers that are not given out: `555-123-4567`, `12345 67890`. */
const EXAMPLE = /^\d{3}\)?[-. ]?\d{3}[-. ]\d{4}$|^\d{5}[- ]\d{5}$/;

const FEWEST_DIGITS = 7;
const MOST_DIGITS = 18;

function longest(text: string, words: string, { groups }: NamedNumber, plans: readonly PhonePlan[]) {
  const first = groups[0];
  if (!first || plans.length === 0) return null;
  let found: { start: number; end: number } | null = null;
  let digits = '';
  const hasPlus = text[first.start - 1] === '+';
  for (const { start, end } of groups) {
    digits += text.slice(start, end);
    const written = text.slice(first.start, end);
    if (digits.length > MOST_DIGITS) break;
    if (digits.length < FEWEST_DIGITS || isEpoch(digits) || /^[.:,]\d/.test(text.slice(end, end + 2)))
      continue;
    const isValid = hasPlus
      ? isInternational(digits) || (!found && isExample(digits))
      : dialled(plans, digits, written) !== null || EXAMPLE.test(written);
    if (isValid)
      found = {
        start: first.start - (/[+(]/.test(text[first.start - 1] ?? '') ? 1 : 0),
        end: endOf(words, end),
      };
  }
  return found;
}
