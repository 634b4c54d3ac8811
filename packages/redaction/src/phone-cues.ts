import { isInCode } from './other-numbers.ts';
import { FOREIGN_PHONES } from './words/foreign-phone-words.ts';
import { FOREIGN_SUBJECTS } from './words/other-words.ts';
import { OTHER_NAMES, OTHER_WORDS, PHONE_WORDS, UNITS } from './words/phone-words.ts';

const FOREIGN = new RegExp(FOREIGN_PHONES, 'gi');
const FOREIGN_OTHERS = new RegExp(FOREIGN_SUBJECTS, 'gi');

/** Finds out from the words around a number what it is. */
export class Cues {
  readonly text: string;
  #phone: Int32Array | undefined;
  #other: Int32Array | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /** What the nearest word before it on its line, or directly after it, calls the number; null: no word does. */
  of(start: number, end: number): 'phone' | 'other' | null {
    const rest = this.text.slice(end, end + REACH_AFTER);
    if (UNITS.test(rest) && !MESSRS.test(rest)) return 'other';
    if (isInCode(this.text.slice(Math.max(0, start - REACH), start))) return 'other';
    this.#phone ??= positionsOf(this.text, [PHONE_WORDS, FOREIGN], isNumberOfPhone);
    this.#other ??= positionsOf(this.text, [OTHER_WORDS, FOREIGN_OTHERS, OTHER_NAMES], isSubject);
    const from = this.#lineStart(start);
    const [phone, other] = [lastBefore(this.#phone, start), lastBefore(this.#other, start)];
    if (phone >= from && REACHED.test(this.text.slice(start - 4, start))) return 'phone';
    const nearest = Math.max(phone, other);
    const after = firstFrom(this.#phone, end);
    if (after < end + REACH_AFTER && (nearest < from || after - end < start - nearest)) return 'phone';
    if (nearest < from) return null;
    return phone > other ? 'phone' : 'other';
  }

  /** Whether a word for a telephone number directly precedes it, as in `phone no. 1` and `"mobile":"1"`. */
  isNamed(start: number): boolean {
    this.#phone ??= positionsOf(this.text, [PHONE_WORDS, FOREIGN], isNumberOfPhone);
    const phone = lastBefore(this.#phone, start);
    return phone >= start - REACH && NAMING.test(this.text.slice(phone, start));
  }

  #lineStart(at: number): number {
    const from = Math.max(0, at - REACH);
    const before = this.text.slice(from, at);
    return from + Math.max(before.lastIndexOf('\n'), before.lastIndexOf(';')) + 1;
  }
}

/** The longest distance between a word and the number that it names, in characters. */
const REACH = 40;
const REACH_AFTER = 20;
const NAMING = /^(?:[\p{L}_]+|\P{L})(?:[ _](?:number|num|no|nr|is))*[^\p{L}\p{N}]*$/iu;

/** In `Call about the order on 1`, the number after `on` is a telephone number. */
const REACHED = /\b(?:on|at) $/i;
/** A firm's title, not a speed. */
const MESSRS = /^ M\/s\.? \p{Lu}/u;

/** Whether the word names a telephone number: `call_id` and `lastContactAt` do not. */
function isNumberOfPhone(text: string, _start: number, end: number): boolean {
  return !NAMES_OTHER.test(text.slice(end - 1, end + REACH_AFTER));
}

const NAMES_OTHER = new RegExp(`^\\w*?(?:${OTHER_NAMES.source})`);

/** Whether the word names the number itself: `for the order` only says what the number is for. */
function isSubject(text: string, start: number): boolean {
  return !/\b(?:for|about|regarding|concerning) (?:the|my|our|your|this|an?) $/i.test(
    text.slice(Math.max(0, start - REACH_AFTER), start),
  );
}

/** The positions of the words that count, in order. */
function positionsOf(
  text: string,
  words: readonly RegExp[],
  counts: (text: string, start: number, end: number) => boolean,
): Int32Array {
  const positions: number[] = [];
  for (const each of words)
    for (const { index, 0: word } of text.matchAll(each))
      if (counts(text, index, index + word.length)) positions.push(index);
  return Int32Array.from(positions).sort();
}

/** The last position before `at`; -1 if there is none. */
function lastBefore(positions: Int32Array, at: number): number {
  return positions[indexFrom(positions, at) - 1] ?? -1;
}

function firstFrom(positions: Int32Array, at: number): number {
  return positions[indexFrom(positions, at)] ?? Number.POSITIVE_INFINITY;
}

/** The index of the first position at or after `at`. */
function indexFrom(positions: Int32Array, at: number): number {
  let low = 0;
  let high = positions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((positions[middle] as number) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
