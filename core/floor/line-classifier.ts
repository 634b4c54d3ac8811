/** A linear model of lines: what each feature speaks for, and how much the label of a line without features is expected. */
export interface LineModel {
  /** {@link FEATURES} of them; above 0 what speaks for an acknowledgement. */
  readonly weights: ArrayLike<number>;
  readonly bias: number;
}

/** Features are hashed to so many numbers, so that the model needs no vocabulary (feature hashing, Weinberger et al. 2009). */
export const FEATURES = 1 << 16;

/** The log-odds that a line is an acknowledgement: 0 where it is as likely as not, 2 where it is so in 88 of 100 cases. */
export function logOdds(clauses: readonly (readonly string[])[], { weights, bias }: LineModel): number {
  let sum = 0;
  const count = eachFeature(clauses, (feature) => {
    sum += weights[feature] ?? 0;
  });
  return bias + sum / Math.sqrt(count);
}

/**
 * Calls `visit` with each feature of a line, a number under {@link FEATURES}: its words, its pairs of words, all runs of 2 to 5 UTF-16
 * code units, and how many words it has. Returns how many there are. Linear in the length.
 */
export function eachFeature(
  clauses: readonly (readonly string[])[],
  visit: (feature: number) => void,
): number {
  let count = 0;
  const add = (hash: number) => {
    visit(mixed(hash));
    count += 1;
  };
  let before = EDGE;
  let words = 0;
  for (const clause of clauses)
    for (const token of clause) {
      const word = hashOf(token);
      add(word);
      add(Math.imul(before, PAIR) ^ word);
      before = word;
      words += 1;
    }
  add(Math.imul(before, PAIR) ^ EDGE);
  add(LENGTH + Math.min(words, LONG));
  const text = ` ${clauses.map(textOf).join(',')} `;
  for (let from = 0; from < text.length - 1; from++) {
    let hash = FNV_OFFSET ^ text.charCodeAt(from);
    const end = Math.min(from + 5, text.length);
    for (let at = from + 1; at < end; at++) {
      hash = Math.imul(hash, FNV_PRIME) ^ text.charCodeAt(at);
      add(hash);
    }
  }
  return count;
}

const EDGE = 0x5bd1e995;
const PAIR = 0x27d4eb2d;
const LENGTH = 0x165667b1;
/** Lines of more words are alike. */
const LONG = 14;

/** FNV-1a, over UTF-16 code units. */
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

function hashOf(token: string): number {
  let hash = FNV_OFFSET ^ 0x9e3779b9;
  for (let at = 0; at < token.length; at++) hash = Math.imul(hash ^ token.charCodeAt(at), FNV_PRIME);
  return hash;
}

/** The finalizer of MurmurHash3: the low bits of FNV alone are alike where texts are. */
function mixed(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) % FEATURES;
}

/** Words with a blank between them; Chinese and Japanese characters without. A letter that is drawn out stands twice. */
function textOf(clause: readonly string[]): string {
  return clause.join(' ').replace(BETWEEN_CHARACTERS, '').replace(DRAWN_OUT, '$1$1');
}

const BETWEEN_CHARACTERS =
  /(?<=[\p{Script=Han}\p{Script=Hiragana}]) (?=[\p{Script=Han}\p{Script=Hiragana}])/gu;
const DRAWN_OUT = /(.)\1{2,}/gsu;
