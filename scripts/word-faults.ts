/**
 * Words that this project does not use, and the field's words to use instead. A word is a pattern of a regular expression,
 * matched as a whole word in any case.
 */
const WORDS: readonly (readonly [words: string, instead: string])[] = [
  ['whoever|whomever', 'who, anybody who'],
  ['anew', 'again, or what exactly happens'],
  ['of which', 'whose, or two sentences'],
  ['is to be|are to be|that it be', 'must, should, or the plain verb'],
  ['tell|tells|telling|told|untold', 'return, answer, publish, deliver, say'],
  ['told apart', 'distinguished'],
  ['away', 'unavailable, for a store; absent, for a person'],
  // The key in Redis keeps its name, so that processes of two versions share their breakers.
  ['sick(?!-models)|sicken|sickness', 'open, for a circuit breaker'],
  ['mayAsk', 'allowRequest'],
  ['left alone', 'not called while its circuit breaker is open'],
  ['impatient|patient|patience', 'failFast, blocking; how long it waits'],
  ['bell', 'notifier, async signal'],
  ['goodbye', 'graceful close'],
  ['debt|owed|owes|forgive|forgives', 'pending, outbox, reconcile'],
  ['point of no return|called off', 'deadline, commit point'],
  ['forget|forgets|forgotten|forgetting', 'remove, drop, clear'],
  ['changes nothing when', 'idempotent'],
];

const PATTERNS = WORDS.map(([word, instead]) => ({ word: new RegExp(`\\b(?:${word})\\b`, 'i'), instead }));

/** Files with words of others, and with texts that users or models read or write in conversations. */
const EXEMPT = [
  /^(?:generated|prisma\/migrations|client\/src\/gql|test\/strangers\/relay\/artifacts|packages\/redaction\/corpus)\//,
  /^packages\/demo-model\/src\/(?:texts|code)\.ts$/,
  /^packages\/redaction\/src\/words\//,
  /^core\/domain\/texts\.ts$/,
  /^core\/floor\/(?:lexicon\/|acknowledgements\.)/,
  /^scripts\/word-faults(?:\.test)?\.ts$/,
  /package-lock\.json$/,
  /^LICENSE$/,
];

/** A line for each word in a file that is on the list: `path:line: word: say ...`. */
export function wordFaults(path: string, text: string): string[] {
  if (EXEMPT.some((pattern) => pattern.test(path))) return [];
  return text.split('\n').flatMap((line, at) =>
    PATTERNS.flatMap(({ word, instead }) => {
      const found = word.exec(line);
      return found ? [`${path}:${at + 1}: "${found[0]}": say ${instead}`] : [];
    }),
  );
}
