import { OTHER_NAMES, OTHER_WORDS, PHONE_WORDS, UNITS } from './phone-words.ts';

/** What the words around a number call it. */
export class Cues {
  readonly #text: string;
  #phone: Int32Array | undefined;
  #other: Int32Array | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** By the nearest word before it on its line, or right after it. Null: nothing calls it anything. */
  of(start: number, end: number): 'phone' | 'other' | null {
    const rest = this.#text.slice(end, end + REACH_AFTER);
    if (UNITS.test(rest) && !MESSRS.test(rest)) return 'other';
    this.#phone ??= positionsOf(this.#text, [PHONE_WORDS], isNumberOfPhone);
    this.#other ??= positionsOf(this.#text, [OTHER_WORDS, OTHER_NAMES], isSubject);
    const from = this.#lineStart(start);
    const [phone, other] = [lastBefore(this.#phone, start), lastBefore(this.#other, start)];
    if (phone >= from && REACHED.test(this.#text.slice(start - 4, start))) return 'phone';
    const nearest = Math.max(phone, other);
    const after = firstFrom(this.#phone, end);
    if (after < end + REACH_AFTER && (nearest < from || after - end < start - nearest)) return 'phone';
    if (nearest < from) return null;
    return phone > other ? 'phone' : 'other';
  }

  /** Whether a word for a telephone number stands directly before it, as in `phone no. 1` and `"mobile":"1"`. */
  isNamed(start: number): boolean {
    this.#phone ??= positionsOf(this.#text, [PHONE_WORDS], isNumberOfPhone);
    const phone = lastBefore(this.#phone, start);
    return phone >= start - REACH && NAMING.test(this.#text.slice(phone, start));
  }

  #lineStart(at: number): number {
    const from = Math.max(0, at - REACH);
    const before = this.#text.slice(from, at);
    return from + Math.max(before.lastIndexOf('\n'), before.lastIndexOf(';')) + 1;
  }
}

/** How far from a number it may be said what it is, in characters. */
const REACH = 40;
const REACH_AFTER = 20;
const NAMING = /^(?:[\p{L}_]+|\P{L})(?:[ _](?:number|num|no|nr|is))*[^\p{L}\p{N}]*$/iu;

/** `Call about the order on 1`: whatever it is about, that is where. */
const REACHED = /\b(?:on|at) $/i;
/** A firm's title, and no speed. */
const MESSRS = /^ M\/s\.? \p{Lu}/u;

/** `call_id` and `lastContactAt` name no telephone number. */
function isNumberOfPhone(text: string, _start: number, end: number): boolean {
  return !NAMES_OTHER.test(text.slice(end - 1, end + REACH_AFTER));
}

const NAMES_OTHER = new RegExp(`^\\w*?(?:${OTHER_NAMES.source})`);

/** `for the order` tells what a number is for, not what it is. */
function isSubject(text: string, start: number): boolean {
  return !/\b(?:for|about|regarding|concerning) (?:the|my|our|your|this|an?) $/i.test(
    text.slice(Math.max(0, start - REACH_AFTER), start),
  );
}

/** Where they begin, in order. */
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

/** The last position before `at`; -1: none is. */
function lastBefore(positions: Int32Array, at: number): number {
  return positions[indexFrom(positions, at) - 1] ?? -1;
}

function firstFrom(positions: Int32Array, at: number): number {
  return positions[indexFrom(positions, at)] ?? Number.POSITIVE_INFINITY;
}

/** The index of the first position that is not before `at`. */
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
