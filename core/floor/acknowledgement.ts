import { isDrawnOutKana } from './kana.ts';
import { isLaughter, LAUGHTER } from './laughter.ts';
import { LEXICONS } from './lexicon/index.ts';
import type { Lexicon } from './lexicon/lexicon.ts';
import { logOdds } from './line-classifier.ts';
import { LINE_MODEL } from './line-model.ts';
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
 * One of two judges is enough. The lexicon: phrases of it cover all of the text, and one word beyond them does not. A
 * classifier ({@link logOdds}), for what no lexicon lists: the line as a whole and each of its clauses is like acknowledgements, it is
 * all words, and no clause ends with a refusal, a question word or a joint. Of either, a clause that is a refusal or a question by
 * itself makes it a wish, as in "no, problem". Both know English, German, Hindi (in Devanagari and Latin letters), Spanish, French,
 * Portuguese, Russian, Arabic, Japanese and Chinese, mixed as people mix them. They do not know what was said before: "right" is
 * agreement even where the speaker asked "left or right?".
 *
 * Of 400 acknowledgements that neither was made with, 78 were taken for a wish to speak: 16 (8 %) of 200 as in many chats, 62 (31 %) of
 * 200 as very different persons would type them; by the lexicon alone 50 and 109. Of 400 wishes none was taken for an
 * acknowledgement. Every line of the development set is called rightly.
 * Never throws. A text of more than 120 UTF-16 code units or 48 words, characters or emoji is a wish to speak. A
 * call takes some 9 µs when its like has been read before, and at first sight some 30 (95th percentile 80 µs, 99th 0.4 ms;
 * `bench/acknowledgements.ts`); the first one takes some 0.8 s, as it reads the lexicon, unless {@link prepareAcknowledgements} has.
 */
export function isAcknowledgement(text: string): boolean {
  if (text.length > MAX_UNITS || HESITATION.test(text)) return false;
  const clauses = clausesOf(text)?.filter(({ length }) => length > 0);
  const tokens = clauses?.flat() ?? [];
  if (!clauses || tokens.length === 0 || tokens.length > MAX_TOKENS) return false;
  const isShort = tokens.length < FEWEST_LIKE;
  const odds = isShort ? 0 : logOdds(clauses, LINE_MODEL);
  if (odds < SURELY_A_WISH) return false;
  const { isRefusal, isUnsure, covers } = readLexicon();
  if (clauses.some(isRefusal)) return false;
  const isLike = odds > LIKELY && areLike(clauses) && !clauses.some(isUnsure);
  return isLike || covers(tokens);
}

/** Whether each clause by itself is like acknowledgements. A line of one clause is judged as a whole. */
function areLike(clauses: readonly (readonly string[])[]): boolean {
  return clauses.length === 1 || clauses.every((clause) => logOdds([clause], LINE_MODEL) > CLAUSE_LIKELY);
}

/**
 * Goes on reading the lexicon for so many milliseconds, at least one step. The longest step takes some 100; all of them take
 * some 0.8 s of a core. Once it is read, the first call takes no longer than the others. Returns whether it is.
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
/** Log-odds. Chosen on sets that the model was not trained with. */
const [SURELY_A_WISH, LIKELY, CLAUSE_LIKELY] = [-2.5, 1.2, 0.5];

/** Tokens. Of shorter lines the lexicon knows more. */
const FEWEST_LIKE = 2;

/** Words. A part of a sentence, as "it helps" or "that idea", can be a wish by itself; the short phrases are listed. */
const SHORTEST_SENTENCE = 3;
/** Characters. */
const SHORTEST_UNSPACED = 5;

interface Reader {
  /** Whether a clause is a refusal or a question by itself. */
  isRefusal(clause: readonly string[]): boolean;
  /** Whether it ends with one, is unfinished or not all words: the lexicon must know it. */
  isUnsure(clause: readonly string[]): boolean;
  /** Whether phrases cover all tokens. */
  covers(tokens: readonly string[]): boolean;
}
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
  const refusals = refusalsOf([...phrases('negations'), ...phrases('questions')], joints);
  return { ...refusals, covers: (tokens) => covers(lines, tokens, spelled) };
}

function refusalsOf(
  refusals: readonly PhrasePattern[],
  joints: readonly PhrasePattern[],
): Pick<Reader, 'isRefusal' | 'isUnsure'> {
  const written = (phrase: PhrasePattern) => [...tokensIn(phrase)].join(' ');
  const known = new Set(refusals.map(written));
  const endings = new Set([...known, ...joints.map(written)]);
  const longest = Math.max(...[...endings].map((phrase) => phrase.split(' ').length));
  return {
    isRefusal: (clause) => known.has(clause.join(' ')),
    isUnsure(clause) {
      if (!clause.every((token) => WORDS.test(token) || signOf(token) !== null)) return true;
      const ends = (length: number) => endings.has(clause.slice(-length).join(' '));
      return Array.from({ length: Math.min(longest, clause.length) }, (_, n) => n + 1).some(ends);
    },
  };
}

/** Letters of any script, with their marks. */
const WORDS = /^[\p{L}\p{M}]+$/u;

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
