import { CodeSpans } from './code-spans.ts';
import { kindOf, type SpokenKind } from './spoken-kinds.ts';
import { isAbbreviationStop, isListMarker, type Pause, pauseOf } from './stops.ts';

/** A unit of speech: a word with the punctuation and white space after it, and the pause that follows. */
export interface SpeechUnit {
  text: string;
  pause: Pause;
}

/**
 * Cuts a text that arrives in arbitrary chunks into speech units.
 *
 * - The joined units are exactly the joined input, with lone surrogates.
 * - The units do not depend on the chunks, as long as `flush` and `settle` come last.
 * - No grapheme cluster is split, unless it is longer than `MAX_CLUSTER` or the text is flushed within it.
 * - At most `MAX_UNIT` code units are held back (more only within one grapheme cluster or line of code), and the time is linear in the text.
 * - Only running text has pauses: not a number, address, file name, abbreviation, list marker or code.
 *
 * Words end after white space; in scripts without spaces (Han, kana, Thai, Khmer, Lao, Burmese) `Intl.Segmenter` finds their
 * ends. The text is read by code points, and each cut depends only on the text since the last cut: therefore the chunks do
 * not matter, and `Intl.Segmenter`, which takes quadratic time for a long text, gets short ones.
 *
 * With `codeByLine`, a line of a fenced code block is one unit, up to `MAX_LINE` code units.
 */
export class SpeechSegmenter {
  readonly #code = new CodeSpans();
  readonly #codeByLine: boolean;
  #inCodeLine = false;
  #dangling = '';
  #held = '';
  #wideFrom = -1;
  #previous: SpokenKind = 'space';
  #hasWord = false;
  #hasInk = false;
  #spaced = false;
  #brokeLine = false;
  #beginsLine = true;
  #pause: Pause = 'none';
  #stop = '';
  #stopRun = 0;
  #digitBeforeStop = false;
  #looseStop = false;

  constructor({ codeByLine = false } = {}) {
    this.#codeByLine = codeByLine;
  }

  /** Adds text and returns the units that it completes. */
  push(text: string): SpeechUnit[] {
    const units: SpeechUnit[] = [];
    const whole = this.#dangling + text;
    const end = isHighSurrogate(whole.charCodeAt(whole.length - 1)) ? whole.length - 1 : whole.length;
    this.#dangling = whole.slice(end);
    for (const char of end === whole.length ? whole : whole.slice(0, end)) this.#read(char, units);
    return units;
  }

  /** Returns everything that is still held back, at the end of the text. */
  flush(): SpeechUnit[] {
    const units: SpeechUnit[] = [];
    if (this.#dangling !== '') this.#read(this.#dangling, units);
    this.#dangling = '';
    if (this.#wideFrom >= 0) this.#emitWideWords(units, 0);
    this.#cut(units, null);
    return units;
  }

  /**
   * Returns the held text as one unit, when its rest takes too long to arrive; null if there is none.
   * Half of a surrogate pair is kept. More text may follow.
   */
  settle(): SpeechUnit | null {
    const units: SpeechUnit[] = [];
    this.#cut(units, null);
    return units[0] ?? null;
  }

  /** The number of held code units that `settle` would return. */
  get held(): number {
    return this.#held.length;
  }

  /** Whether what is held is a part of a line of code that is one unit. */
  get holdsCodeLine(): boolean {
    return this.#inCodeLine && this.#held !== '';
  }

  /** The most units that the held text can become. */
  get heldUnits(): number {
    if (this.#held === '') return 0;
    return this.#wideFrom < 0 ? 1 : 1 + this.#held.length - this.#wideFrom;
  }

  #read(char: string, units: SpeechUnit[]): void {
    const inCode = this.#code.read(char);
    this.#inCodeLine = this.#codeByLine && this.#code.inBlock;
    const kind = kindOf(char);
    if (this.#wideFrom >= 0 && kind !== 'wide' && kind !== 'joiner') {
      this.#emitWideWords(units, 0);
      this.#wideFrom = -1;
    }
    if (this.#held !== '' && this.#endsBefore(char, kind) && this.#mayCutBefore(char)) {
      this.#cut(units, char);
    }
    this.#append(char, kind, inCode);
    if (this.#inCodeLine && char === '\n') this.#cut(units, null);
    if (this.#wideFrom >= 0 && this.#held.length - this.#wideFrom >= 2 * WIDE_LOOKAHEAD) {
      this.#emitWideWords(units, WIDE_LOOKAHEAD);
    }
  }

  #endsBefore(char: string, kind: SpokenKind): boolean {
    if (this.#inCodeLine) return this.#held.length >= MAX_LINE;
    if (this.#held.length >= MAX_UNIT) return true;
    if (kind === 'joiner' || kind === 'space') return false;
    if (this.#spaced) {
      if (this.#brokeLine) return this.#hasInk;
      if (kind === 'stop' && SPACED_STOP.test(char) && this.#hasWord) return false;
      return this.#hasWord || this.#pause !== 'none';
    }
    if (!this.#hasWord) return false;
    if (this.#pause !== 'none') {
      if (kind === 'stop' || kind === 'closer') return false;
      if (kind === 'wide') return true;
      return !isAscii(this.#stop) && !(this.#digitBeforeStop && DIGIT.test(char));
    }
    if (this.#previous === 'wide') return kind === 'word' || kind === 'opener';
    if (kind === 'opener') return char.charCodeAt(0) >= FIRST_WIDE;
    if (kind === 'wide') return this.#previous === 'word';
    return kind === 'word' && this.#previous !== 'word' && this.#held.length >= LONG_UNIT;
  }

  #mayCutBefore(char: string): boolean {
    const last = this.#held.charCodeAt(this.#held.length - 1);
    const next = char.charCodeAt(0);
    if (last < FIRST_COMBINING && next < FIRST_COMBINING) return !(last === CR && next === LF);
    if (this.#held.length >= MAX_CLUSTER) return true;
    return isGraphemeBoundary(this.#held + char, this.#held.length);
  }

  #append(char: string, kind: SpokenKind, inCode: boolean): void {
    if (kind === 'wide' && this.#wideFrom < 0 && !this.#inCodeLine) this.#wideFrom = this.#held.length;
    this.#held += char;
    if (kind === 'joiner') return;
    if (kind === 'space') {
      this.#spaced = true;
      if (char === '\n') this.#brokeLine = true;
      if (!this.#hasInk && this.#brokeLine) this.#beginsLine = true;
    } else {
      this.#readInk(char, kind, inCode);
    }
    this.#previous = kind;
  }

  #readInk(char: string, kind: SpokenKind, inCode: boolean): void {
    const afterSpace = this.#previous === 'space' || this.#spaced;
    if (kind === 'word' || kind === 'wide') this.#hasWord = true;
    this.#hasInk = true;
    this.#spaced = false;
    this.#brokeLine = false;
    if (kind === 'stop' && !inCode) {
      this.#stopRun = this.#pause === 'none' ? 1 : this.#stopRun + 1;
      this.#digitBeforeStop = DIGIT.test(this.#held.slice(-1 - char.length, -char.length));
      this.#looseStop = afterSpace && (char === ':' || char === ';');
      this.#stop = char;
      this.#pause = pauseOf(char);
    } else if (kind !== 'closer' || this.#looseStop) {
      // A colon after a space and before a bracket is a smiley.
      this.#pause = 'none';
      this.#looseStop = false;
    }
  }

  /** Emits the words of the held run of spaceless script, except those that reach into its last `keep` code units. */
  #emitWideWords(units: SpeechUnit[], keep: number): void {
    const text = this.#held;
    const limit = text.length - keep;
    let from = 0;
    for (const { index } of WORDS.segment(text)) {
      if (index > limit) break;
      if (index <= this.#wideFrom || !isGraphemeBoundary(text, index)) continue;
      units.push({ text: text.slice(from, index), pause: 'none' });
      from = index;
    }
    if (from === 0) return;
    this.#held = text.slice(from);
    this.#wideFrom = 0;
    this.#beginsLine = false;
  }

  #cut(units: SpeechUnit[], next: string | null): void {
    if (this.#held === '') return;
    const complete = next === null || this.#spaced || !isAscii(this.#stop) || kindOf(next) === 'wide';
    units.push({ text: this.#held, pause: complete ? this.#pauseBefore(next) : 'none' });
    this.#beginsLine = this.#brokeLine;
    this.#held = '';
    this.#wideFrom = -1;
    this.#previous = this.#spaced ? 'space' : this.#previous;
    this.#hasWord = false;
    this.#hasInk = false;
    this.#spaced = false;
    this.#brokeLine = false;
    this.#pause = 'none';
    this.#stop = '';
  }

  #pauseBefore(next: string | null): Pause {
    if (this.#pause === 'none') return 'none';
    if (!this.#hasWord && this.#pause === 'clause') return 'none';
    if (this.#beginsLine && isListMarker(this.#held)) return 'none';
    if (this.#stop === '.' && this.#stopRun === 1) {
      const before = this.#held.slice(0, this.#held.lastIndexOf('.'));
      if (isAbbreviationStop(before, this.#brokeLine ? '' : (next ?? ''))) return 'none';
    }
    return this.#pause;
  }
}

/**
 * The most code units in one unit: longer than almost every word of languages with spaces, and about half a line, so that a
 * run without boundaries (base64, a minified file) is still spoken steadily.
 */
const MAX_UNIT = 40;

/** The longest line of code that is one unit, in code units: twice the longest that formatters leave. */
const MAX_LINE = 240;

/** From this length on, a unit without white space ends at any punctuation in it, such as in a long address or path. */
const LONG_UNIT = 20;

/**
 * The longest grapheme cluster that is not split, in code units. The longest ones in use, emoji families with skin tones and
 * flags of regions, have fewer than 40; a longer one is an attack on memory.
 */
const MAX_CLUSTER = 256;

/** Code units of spaceless script that must follow a word before it is cut: a long word, after which the cut hardly changes. */
const WIDE_LOOKAHEAD = 6;

const CR = 13;
const LF = 10;

/** Below this code point, only CR and LF combine. */
const FIRST_COMBINING = 0x300;

/** From this code point on, brackets belong to scripts without spaces. */
const FIRST_WIDE = 0x3000;

const WORDS = new Intl.Segmenter('und', { granularity: 'word' });
const GRAPHEMES = new Intl.Segmenter('und', { granularity: 'grapheme' });

const DIGIT = /\p{Nd}/u;

/** Marks that some languages separate from the word by a space. */
const SPACED_STOP = /[!?;:…！？]/u;

/** Kana and ideographs, which never combine: the common case, decided without `Intl.Segmenter`. */
const PLAIN_WIDE = /^[\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff]{2}$/;

function isGraphemeBoundary(text: string, at: number): boolean {
  if (PLAIN_WIDE.test(text.slice(at - 1, at + 1))) return true;
  return GRAPHEMES.segment(text).containing(at)?.index === at;
}

function isAscii(char: string): boolean {
  return char.charCodeAt(0) < 128;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
