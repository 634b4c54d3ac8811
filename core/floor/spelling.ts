/** What spellings are recognised by. */
export interface Vocabulary {
  /** The words to recognise. */
  readonly words: ReadonlySet<string>;
  /** Words that mean something else: never a typo of a word, and no typo is one of them. */
  readonly others: ReadonlySet<string>;
}

/**
 * Returns a function that returns the words that a writing may stand for, none where it is unknown:
 * - the word itself;
 * - a word that is drawn out: `okayyyy`, `sooo`, `okk`. A letter must be written three times, or twice at the end;
 * - in Latin and Cyrillic letters, a word with one typo (Damerau and Levenshtein's distance of 1): neighbours swapped in a word of
 *   at least 5 letters; a letter too many or too few, between the first and the last, in one of at least 6; another letter
 *   there, in one of at least 8; also where it is drawn out besides. First and last letters carry meaning (inflections, prefixes), and short words are too close.
 *
 * Linear in the writing's length; a writing of more than 20 letters has no typos.
 */
export type Spellings = (writing: string) => readonly string[];

export function spellings({ words, others }: Vocabulary): Spellings {
  const shapes = groupBy(words, single);
  const otherShapes = groupBy(others, single);
  const typed = [...words].filter((word) => MAY_HAVE_TYPO.test(word) && !others.has(word));
  const nearby = new Map<string, string[]>();
  for (const word of typed) for (const shorter of [word, ...shortened(word)]) add(nearby, shorter, word);

  return (writing) => {
    if (words.has(writing)) return [writing];
    if (others.has(writing)) return [];
    const isDrawnOut = (word: string) => drawnOut(writing, word);
    const drawn = (shapes.get(single(writing)) ?? []).filter(isDrawnOut);
    if (drawn.length > 0) return drawn;
    if ((otherShapes.get(single(writing)) ?? []).some(isDrawnOut)) return [];
    const plain = writing.replace(DRAWN_OUT, '$1');
    if (plain.length > LONGEST_TYPO || !LETTERS.test(plain)) return [];
    const near = [plain, ...shortened(plain)].flatMap((shorter) => nearby.get(shorter) ?? []);
    return [...new Set(near)].filter((word) => isTypo(plain, word));
  };
}

const DRAWN_OUT = /(.)\1{2,}/gsu;
const LONGEST_TYPO = 20;
const LETTERS = /^[\p{Script=Latin}\p{Script=Cyrillic}]+$/u;
const MAY_HAVE_TYPO = /^[\p{Script=Latin}\p{Script=Cyrillic}]{5,}$/u;

const SWAPPED_FROM = 5;
const LENGTH_FROM = 6;
const REPLACED_FROM = 8;

function isTypo(writing: string, word: string): boolean {
  const longer = writing.length - word.length;
  if (Math.abs(longer) > 1) return false;
  let at = 0;
  while (at < writing.length && writing[at] === word[at]) at += 1;
  const rest = (text: string, from: number) => text.slice(from);
  const inside = at > 0 && writing.at(-1) === word.at(-1);
  if (longer === 1) return inside && word.length >= LENGTH_FROM && rest(writing, at + 1) === rest(word, at);
  if (longer === -1) return inside && word.length >= LENGTH_FROM && rest(writing, at) === rest(word, at + 1);
  if (rest(writing, at + 2) === rest(word, at + 2) && isSwapped(writing, word, at))
    return word.length >= SWAPPED_FROM;
  return inside && word.length >= REPLACED_FROM && rest(writing, at + 1) === rest(word, at + 1);
}

function isSwapped(writing: string, word: string, at: number): boolean {
  return writing[at] === word[at + 1] && writing[at + 1] === word[at];
}

/** Whether the writing is the word with letters repeated. Their letters without repetition are the same. */
function drawnOut(writing: string, word: string): boolean {
  const written = runsOf(writing);
  const runs = runsOf(word);
  return runs.every((run, at) => {
    const length = written[at] ?? 0;
    return length === run || (length > run && (length >= 3 || at === runs.length - 1));
  });
}

function runsOf(word: string): number[] {
  return Array.from(word.matchAll(RUNS), ([run]) => run.length);
}

/** Every letter once where it is repeated. */
function single(word: string): string {
  return word.replace(RUNS, '$1');
}

const RUNS = /(.)\1*/gsu;

/** The word without one of its letters, for each of them. */
function shortened(word: string): string[] {
  return Array.from(word, (_, at) => word.slice(0, at) + word.slice(at + 1));
}

function groupBy(words: Iterable<string>, key: (word: string) => string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const word of words) add(groups, key(word), word);
  return groups;
}

function add(groups: Map<string, string[]>, key: string, word: string): void {
  const group = groups.get(key);
  if (group) group.push(word);
  else groups.set(key, [word]);
}
