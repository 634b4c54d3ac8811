import type { SpeechUnit } from './speech-units.ts';
import { kindOf } from './spoken-kinds.ts';
import type { Pause } from './stops.ts';

/** Words a minute unless asked for otherwise: what adults read of plain text on a screen, at the quick end. */
export const DEFAULT_READING_WPM = 300;
/** The slowest and the fastest speed: half of the default, for learners of a language, and three times it, for skimming. */
export const MIN_READING_WPM = 150;
export const MAX_READING_WPM = 900;

/**
 * Characters a minute at `DEFAULT_READING_WPM` in scripts without spaces (Han, kana, Thai, Lao, Khmer, Burmese), where readers
 * and publishers count characters; other speeds in proportion. Combining marks are no characters of their own.
 */
const CHARACTERS_PER_MINUTE = 500;

/** The pause after a unit, in words: at the default speed as long as at HUMAN pace. */
const PAUSE_WORDS: Readonly<Record<Pause, number>> = { none: 0, clause: 0.6, sentence: 1.25 };
/** The part of its time by which a unit after a pause is shorter. */
const REPAID_SHARE = 0.25;
/** The most time that pauses may have borrowed, in words: two sentences' ends. */
const MAX_BORROWED_WORDS = 2.5;

/**
 * How long a reader takes for the units of a text, one after another.
 *
 * A unit takes the time of its words (`Intl.Segmenter`), or of its characters in scripts without spaces, and at least that of
 * one word if it has anything to see: an emoji, a bracket on a line of its own.
 * Pauses are borrowed from the units that follow: each of these is a quarter shorter until the time is paid back. So the
 * average is the speed asked for, whatever the punctuation: all units so far took the time of their words, and at most
 * `MAX_BORROWED_WORDS` more. What would exceed that is left out of the pause.
 */
export class ReadingTime {
  readonly #wordMs: number;
  readonly #characterMs: number;
  #borrowedMs = 0;

  /** `wpm`: words a minute, above 0. */
  constructor(wpm: number) {
    this.#wordMs = 60_000 / wpm;
    this.#characterMs = (60_000 / CHARACTERS_PER_MINUTE) * (DEFAULT_READING_WPM / wpm);
  }

  /** Milliseconds from the beginning of the next unit to that of the unit after it. */
  next(unit: SpeechUnit): number {
    const readMs = this.#readMs(unit.text);
    const paid = Math.min(this.#borrowedMs, REPAID_SHARE * readMs);
    const room = MAX_BORROWED_WORDS * this.#wordMs - this.#borrowedMs + paid;
    const pause = Math.min(PAUSE_WORDS[unit.pause] * this.#wordMs, room);
    this.#borrowedMs += pause - paid;
    return readMs - paid + pause;
  }

  #readMs(text: string): number {
    const characters = unspacedLetters(text);
    let words = 0;
    for (const { segment, isWordLike } of WORDS.segment(text)) {
      if (isWordLike && (characters === 0 || unspacedLetters(segment) === 0)) words++;
    }
    if (words === 0 && characters === 0) return text.trim() === '' ? 0 : this.#wordMs;
    return words * this.#wordMs + characters * this.#characterMs;
  }
}

const WORDS = new Intl.Segmenter('und', { granularity: 'word' });

function unspacedLetters(text: string): number {
  let letters = 0;
  for (const char of text) if (kindOf(char) === 'wide') letters++;
  return letters;
}
