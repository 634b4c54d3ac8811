import { CodeSpans } from './code-spans.ts';
import { kindOf, type SpokenKind } from './spoken-kinds.ts';
import { isAbbreviationStop, isListMarker, type Pause, pauseOf } from './stops.ts';

/** What is said in one beat: a word with the punctuation and white space that follow it, and the rest that comes after it. */
export interface SpeechUnit {
  text: string;
  pause: Pause;
}

/**
 * Cuts a text that arrives in arbitrary chunks into speech units.
 *
 * - The units joined are the input joined, exactly, lone surrogates included.
 * - The units are the same however the text was chunked, as long as `flush` and `settle` come last.
 * - No grapheme cluster is split, unless it is longer than `MAX_CLUSTER` or the text is flushed within it.
 * - At most `MAX_UNIT` code units are held back (more only within one grapheme cluster), and the time is linear in the text.
 * - A pause belongs to running text only: not to a number, address, file name, abbreviation, list marker or code.
 *
 * Words are cut where white space ends, and where the script has no spaces (Han, kana, Thai, Khmer, Lao, Burmese) by
 * `Intl.Segmenter`. The text is read code point by code point and each cut is decided from what was read since the last one:
 * that is what makes chunks invisible, and `Intl.Segmenter` takes quadratic time over a long text.
 */
export class SpeechSegmenter {
  readonly #code = new CodeSpans();
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

  /** The units that `text` completes. */
  push(text: string): SpeechUnit[] {
    const units: SpeechUnit[] = [];
    const whole = this.#dangling + text;
    const end = isHighSurrogate(whole.charCodeAt(whole.length - 1)) ? whole.length - 1 : whole.length;
    this.#dangling = whole.slice(end);
    for (const char of end === whole.length ? whole : whole.slice(0, end)) this.#read(char, units);
    return units;
  }

  /** Everything that is still held back: the text has ended. */
  flush(): SpeechUnit[] {
    const units: SpeechUnit[] = [];
    if (this.#dangling !== '') this.#read(this.#dangling, units);
    this.#dangling = '';
    if (this.#wideFrom >= 0) this.#emitWideWords(units, 0);
    this.#cut(units, null);
    return units;
  }

  /**
   * What is held back, as one unit, for when the rest of it is long in coming; null when there is nothing.
   * Half of a surrogate pair stays back. The text may go on afterwards.
   */
  settle(): SpeechUnit | null {
    const units: SpeechUnit[] = [];
    this.#cut(units, null);
    return units[0] ?? null;
  }

  /** Code units held back that `settle` would give. */
  get held(): number {
    return this.#held.length;
  }

  /** How many units the text held back may turn out to be, at most. */
  get heldUnits(): number {
    if (this.#held === '') return 0;
    return this.#wideFrom < 0 ? 1 : 1 + this.#held.length - this.#wideFrom;
  }

  #read(char: string, units: SpeechUnit[]): void {
    const inCode = this.#code.read(char);
    const kind = kindOf(char);
    if (this.#wideFrom >= 0 && kind !== 'wide' && kind !== 'joiner') {
      this.#emitWideWords(units, 0);
      this.#wideFrom = -1;
    }
    if (this.#held !== '' && this.#endsBefore(char, kind) && this.#mayCutBefore(char)) {
      this.#cut(units, char);
    }
    this.#append(char, kind, inCode);
    if (this.#wideFrom >= 0 && this.#held.length - this.#wideFrom >= 2 * WIDE_LOOKAHEAD) {
      this.#emitWideWords(units, WIDE_LOOKAHEAD);
    }
  }

  #endsBefore(char: string, kind: SpokenKind): boolean {
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
    if (kind === 'wide' && this.#wideFrom < 0) this.#wideFrom = this.#held.length;
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
      // A colon after a space and before a bracket is a face.
      this.#pause = 'none';
      this.#looseStop = false;
    }
  }

  /** Emits the words of the run of spaceless script held, but those that reach into its last `keep` code units. */
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
 * The most code units in one unit: longer than nearly every word of any language that writes spaces, and about half a line, so that
 * a run without boundaries (base64, a minified file) still flows.
 */
const MAX_UNIT = 40;

/** From this length on a unit without white space ends at any punctuation inside it: the parts of a long address or path. */
const LONG_UNIT = 20;

/**
 * The longest grapheme cluster that is kept whole, in code units. The longest in use, emoji families with skin tones and flags of
 * regions, stay under 40; what is longer is an attack on whoever must hold it.
 */
const MAX_CLUSTER = 256;

/** Code units of spaceless script that must follow a word before it is cut: a long word, so that the cut would hardly move any more. */
const WIDE_LOOKAHEAD = 6;

const CR = 13;
const LF = 10;

/** Below this code point nothing combines with its neighbours but CR with LF. */
const FIRST_COMBINING = 0x300;

/** From here on brackets are those of scripts without spaces. */
const FIRST_WIDE = 0x3000;

const WORDS = new Intl.Segmenter('und', { granularity: 'word' });
const GRAPHEMES = new Intl.Segmenter('und', { granularity: 'grapheme' });

const DIGIT = /\p{Nd}/u;

/** Marks that some languages set apart from their word by a space. */
const SPACED_STOP = /[!?;:…！？]/u;

/** Kana and ideographs that nothing joins: the common case, decided without `Intl.Segmenter`. */
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
