import { isDrawnOutKana } from './kana.ts';
import { isLaughter, LAUGHTER } from './laughter.ts';
import { LEXICONS } from './lexicon/index.ts';
import type { Lexicon } from './lexicon/lexicon.ts';
import { type LineReader, lineReader } from './line-reader.ts';
import { phraseGraph } from './phrase-graph.ts';
import { type PhrasePattern, phrasePatterns } from './phrase-pattern.ts';
import { APPROVAL, COLOUR, signOf } from './signs.ts';
import { type Spellings, spellings } from './spelling.ts';
import { clausesOf } from './tokens.ts';

/**
 * Whether a text only acknowledges what somebody else is saying ("ok", "haan ji", "はい", "thanks, go on", laughter, 👍), so that
 * the speaker may continue. False for every wish to speak: questions, requests, corrections, new information, refusals.
 *
 * A text is an acknowledgement where phrases of the lexicon cover all of it; one word beyond them makes it a wish to speak. So
 * what is not known interrupts. So does a clause that is a refusal or a question by itself, as in "no, problem". It knows English,
 * German, Hindi (in Devanagari and Latin letters), Spanish, French, Portuguese, Russian, Arabic, Japanese and Chinese, mixed as
 * people mix them. It does not know what was said before: "right" is agreement even where the speaker asked "left or right?".
 *
 * Before it knew whole sentences it took 17 (4.9 %) of 350 acknowledgements that it was not made with for a wish to speak, and none of
 * 350 wishes for an acknowledgement; now 8 and none of the same lines, 28 (7 %) and none of 400 each that were made later, with more
 * whole sentences, and 8 (2 %) and none of 400 each after those, half of them of one or two words. It calls every line of its
 * development set rightly.
 * Never throws. A text of more than 120 UTF-16 code units or 48 words, characters or emoji is a wish to speak. A
 * call takes some 4 µs when its like has been read before, and at first sight some 85 (99th percentile 0.4 ms;
 * `bench/acknowledgements.ts`); the first one takes some 0.7 s, as it reads the lexicon, unless {@link prepareAcknowledgements} has.
 */
export function isAcknowledgement(text: string): boolean {
  if (text.length > MAX_UNITS || HESITATION.test(text)) return false;
  const clauses = clausesOf(text);
  return clauses !== null && readLexicon()(clauses);
}

/**
 * Goes on reading the lexicon for so many milliseconds, at least one step. The longest step takes some 100; all of them take
 * some 0.7 s of a core. Once it is read, the first call takes no longer than the others. Returns whether it is.
 */
export function prepareAcknowledgements(ms: number): boolean {
  const until = performance.now() + ms;
  while (!reader) {
    reading ??= createReader();
    const step = reading.next();
    if (step.done) reader = step.value;
    else if (performance.now() >= until) return false;
  }
  reading = undefined;
  return true;
}

function readLexicon(): Reader {
  prepareAcknowledgements(Number.POSITIVE_INFINITY);
  return reader as Reader;
}

/** More than the longest thanks, and few enough that a call takes microseconds. */
const MAX_UNITS = 120;
/** Words, Chinese and Japanese characters, emoji. */
const MAX_TOKENS = 48;
/**
 * What would be lost when a text is folded: the Japanese "no" (ううん) and "well ..." (うーん) are "yes" (うん) drawn out, いいえ
 * ("no") begins like いい ("good"), and the German "what?" (hä) is laughter without its dots.
 */
const HESITATION = /[うウ][うウぅゥー〜～~]+[んン]|いいえ|イイエ|(?<!\p{L})hä+h?(?!\p{L})/iu;

const WITHOUT_BLANKS = new Set(['ja', 'zh']);
/** Words. A part of a sentence, as "it helps" or "that idea", can be a wish by itself; the short phrases are listed. */
const SHORTEST_SENTENCE = 3;
/** Characters. */
const SHORTEST_UNSPACED = 5;

type Reader = (clauses: readonly (readonly string[])[]) => boolean;
let reader: Reader | undefined;
let reading: Generator<void, Reader> | undefined;

/** Yields many times on the way. */
function* createReader(): Generator<void, Reader> {
  const acknowledgements = [
    ...phrases('acknowledgements'),
    ...phrases('despiteNegation'),
    tokenOf(LAUGHTER),
    tokenOf(APPROVAL),
  ];
  const companions = [...phrases('companions'), tokenOf(COLOUR)];
  const joints = phrases('joints');
  yield;
  const sentences: { atLeast: number; patterns: PhrasePattern[] }[] = [];
  for (const [language, lexicon] of Object.entries(LEXICONS)) {
    const atLeast = WITHOUT_BLANKS.has(language) ? SHORTEST_UNSPACED : SHORTEST_SENTENCE;
    sentences.push({ atLeast, patterns: phrasePatterns(lexicon.sentences) });
    yield;
  }
  const lines = lineReader(yield* phraseGraph({ acknowledgements, sentences, companions, joints }));
  const spoken = sentences.flatMap(({ patterns }) => patterns);
  yield;
  const words = wordsIn([...acknowledgements, ...spoken, ...companions, ...joints]);
  const others = wordsIn([...phrases('negations'), ...phrases('questions'), ...phrases('realWords')]);
  yield;
  const spelled = spellings({ words, others });
  yield;
  const wishes = new Set(
    [...phrases('negations'), ...phrases('questions')].map((phrase) => [...tokensIn(phrase)].join(' ')),
  );
  return (clauses) => {
    const tokens = clauses.flat();
    const isWish = clauses.some((clause) => wishes.has(clause.join(' ')));
    return tokens.length <= MAX_TOKENS && !isWish && covers(lines, tokens, spelled);
  };
}

/** The phrases of all languages, because people mix them. */
function phrases(list: keyof Lexicon): PhrasePattern[] {
  return Object.values(LEXICONS).flatMap((lexicon) => phrasePatterns(lexicon[list]));
}

function tokenOf(token: string): PhrasePattern {
  return { kind: 'token', token };
}

/** Whether phrases cover all tokens. */
function covers(lines: LineReader, tokens: readonly string[], spelled: Spellings): boolean {
  let step = lines.first;
  let before = '';
  for (const token of tokens) {
    step = lines.read(step, readings(token, spelled), isDrawnOutKana(before, token));
    if (step.states.size === 0) return false;
    before = token;
  }
  return step.mayEnd;
}

function readings(token: string, spelled: Spellings): readonly string[] {
  const sign = isLaughter(token) ? LAUGHTER : signOf(token);
  return sign ? [sign, ...spelled(token)] : spelled(token);
}

function wordsIn(patterns: readonly PhrasePattern[]): Set<string> {
  const words = new Set<string>();
  for (const pattern of patterns) for (const token of tokensIn(pattern)) words.add(token);
  return words;
}

function* tokensIn(pattern: PhrasePattern): Generator<string> {
  if (pattern.kind === 'token') yield pattern.token;
  else for (const part of pattern.kind === 'choice' ? pattern.of : pattern.parts) yield* tokensIn(part);
}
