import type { Pacing } from '../domain/vocabulary.ts';
import { CATCHING_UP, STEADY } from './catch-up.ts';
import { DEFAULT_READING_WPM, ReadingTime } from './reading-time.ts';
import { SpeechPlan } from './speech-plan.ts';
import { SpeechSegmenter, type SpeechUnit } from './speech-units.ts';
import type { Pause } from './stops.ts';

/** A piece of text that is published at once. */
export interface Utterance {
  text: string;
  /** The number of joined units: words at HUMAN and READING pace, lines of code at READING, the model's own chunks at INSTANT. */
  tokens: number;
  /** When its first unit was due, on the caller's clock. */
  dueAt: number;
}

export interface PacerOptions {
  pacing: Pacing;
  /** Words a minute at READING pace. Default: 300. */
  readingWpm?: number;
  /** What of the text was published already: the text that is pushed continues it. Default: nothing. */
  heard?: string;
  /** Returns a number from 0 to below 1. Default: `Math.random`. */
  random?: () => number;
}

/** The time for one unit at normal speed. */
export const UNIT_MS = 30;
/** The most that is randomly added to or subtracted from the time of a unit. */
export const JITTER_MS = 10;
/** The pause after a unit. */
const PAUSE_MS: Readonly<Record<Pause, number>> = { none: 0, clause: 120, sentence: 250 };
/** The longest wait for the rest of a word; then the part is spoken. Gaps between a model's tokens are shorter. */
export const MAX_HOLD_MS = 300;
/** The longest wait for the rest of a line of code, at READING pace: a line of 30 tokens from a model that gives 30 a second. */
export const MAX_LINE_HOLD_MS = 1_000;
/**
 * Units that are due within this time are published together. It is less than the shortest time of a unit at normal speed,
 * so it only joins units that fast speech brings too close together to notice. It bounds utterances to a hundred a second.
 */
export const FRAME_MS = 10;

/**
 * Buffers the text that a model produces and returns it at the pace of speech. It has no clock and no timers: every method
 * gets the time in milliseconds, of any origin. A time before the last one counts as the last one.
 *
 * HUMAN: a unit (see `SpeechSegmenter`) every 30 ± 10 ms, 120 ms more after a clause and 250 ms more after a sentence, faster
 * as the backlog grows (see `speechRate`), so that everything is due within `MAX_LAG_MS` after it was pushed, whether or not
 * the model has finished. Pushed text never delays queued text. A word that may be incomplete is held back, but for at most
 * `MAX_HOLD_MS`.
 * READING: a unit after the time that a reader takes for the one before it (see `ReadingTime`), a line of a code block as one
 * unit, as far behind the model as that takes. A reader who waits for the model never waits longer than for a whole word
 * (`MAX_HOLD_MS`) or line of code (`MAX_LINE_HOLD_MS`), and does not make up for it.
 * INSTANT: due when it is pushed. So is everything after `fastForward`, at any pace.
 * At every pace, half of a surrogate pair waits for its other half or for the end.
 *
 * Due times depend only on the pushes: a slow caller gets all due text as one utterance, and is on time again. The joined
 * utterances are the pushed text, in order. Constant time per unit.
 */
export class Pacer {
  #pacing: Pacing;
  readonly #random: () => number;
  readonly #segmenter: SpeechSegmenter;
  readonly #readingTime: ReadingTime;
  #now = Number.NEGATIVE_INFINITY;
  #finished = false;

  #queue: QueuedUnit[] = [];
  #head = 0;
  /** The due times of the units before this index of the queue no longer change. */
  #settled = 0;

  /** The position of the next unit. Positions are milliseconds of speech at normal speed since the first unit. */
  #next = 0;
  readonly #plan: SpeechPlan;
  #heldSince = 0;
  #halfPair = '';

  constructor({ pacing, readingWpm = DEFAULT_READING_WPM, heard = '', random = Math.random }: PacerOptions) {
    this.#pacing = pacing;
    this.#random = random;
    this.#segmenter = new SpeechSegmenter({ codeByLine: pacing === 'READING' });
    // So that what continues a block of code is read line by line.
    this.#segmenter.push(heard);
    this.#segmenter.settle();
    this.#readingTime = new ReadingTime(readingWpm);
    this.#plan = new SpeechPlan(pacing === 'READING' ? STEADY : CATCHING_UP);
  }

  /** Adds text that the model has produced. Throws after `finish`. */
  push(text: string, now: number): void {
    if (this.#finished) throw new Error('Text was pushed to a pacer after finish');
    if (text === '') return;
    const at = this.#advance(now);
    const heldBefore = this.#segmenter.held;
    const units = this.#pacing === 'INSTANT' ? this.#instantly(text) : this.#segmenter.push(text);
    // Text that was held before this push keeps its age, so that slow pushes cannot hold it forever.
    if (heldBefore === 0 || (units.length > 0 && this.#segmenter.held <= text.length)) this.#heldSince = at;
    this.#enqueue(units, at);
  }

  /** Marks the end of the model's text, so that nothing is held back. Idempotent. */
  finish(now: number): void {
    if (this.#finished) return;
    const at = this.#advance(now);
    this.#finished = true;
    this.#enqueue(this.#pacing === 'INSTANT' ? this.#instantly('') : this.#segmenter.flush(), at);
  }

  /** Makes everything that was pushed due now, and what is pushed later when it is pushed. Idempotent. */
  fastForward(now: number): void {
    if (this.#pacing === 'INSTANT') return;
    const at = this.#advance(now);
    const held = this.#segmenter.flush().map(({ text }) => text);
    this.#pacing = 'INSTANT';
    for (const unit of this.#queue) unit.dueAt = Math.min(at, this.#dueAt(unit));
    this.#enqueue(this.#instantly(held.join('')), at);
  }

  /** Returns everything that is due, or will be within `FRAME_MS`; null if nothing is due. */
  take(now: number): Utterance | null {
    const at = this.#advance(now);
    const first = this.#queue[this.#head];
    if (first === undefined || this.#dueAt(first) > at + ROUNDING_MS) return null;
    const dueAt = Math.min(at, this.#dueAt(first));
    let text = '';
    let tokens = 0;
    for (let unit: QueuedUnit | undefined = first; unit !== undefined; unit = this.#queue[this.#head]) {
      if (this.#dueAt(unit) > at + FRAME_MS) break;
      text += unit.text;
      tokens++;
      this.#head++;
    }
    this.#dropTaken();
    return { text, tokens, dueAt };
  }

  /** When `take` next returns text if nothing is pushed; it may be in the past. Null if nothing is queued. */
  nextDueAt(): number | null {
    const first = this.#queue[this.#head];
    if (first !== undefined) return this.#dueAt(first);
    return this.#segmenter.held > 0 ? this.#holdEndsAt() : null;
  }

  /** When the last queued unit is due; null if nothing is queued. */
  lastDueAt(): number | null {
    const last = this.#queue.at(-1);
    return last === undefined || this.#head === this.#queue.length ? null : this.#dueAt(last);
  }

  /** Whether nothing is queued. */
  get idle(): boolean {
    return this.nextDueAt() === null;
  }

  /** Whether the model has finished and everything has been taken. */
  get done(): boolean {
    return this.#finished && this.idle;
  }

  /** Advances the state to `now` and returns that time, or the last one if that is later. */
  #advance(now: number): number {
    this.#now = Math.max(this.#now, now);
    if (this.#segmenter.held > 0) {
      const endsAt = this.#holdEndsAt();
      if (endsAt <= this.#now) {
        const unit = this.#segmenter.settle();
        if (unit !== null) this.#enqueue([unit], endsAt, endsAt);
      }
    }
    return this.#now;
  }

  /** When the held text is due: at its turn, but not before the longest wait has passed. */
  #holdEndsAt(): number {
    const longest = this.#segmenter.holdsCodeLine ? MAX_LINE_HOLD_MS : MAX_HOLD_MS;
    return Math.max(this.#plan.timeOf(this.#next), this.#heldSince + longest);
  }

  #instantly(text: string): SpeechUnit[] {
    const whole = this.#halfPair + text;
    const end = !this.#finished && endsInHalfPair(whole) ? whole.length - 1 : whole.length;
    this.#halfPair = whole.slice(end);
    return end === 0 ? [] : [{ text: whole.slice(0, end), pause: 'none' }];
  }

  /** Queues units and updates the plan for the new backlog. */
  #enqueue(units: readonly SpeechUnit[], at: number, dueAt: number | null = null): void {
    if (this.#pacing === 'INSTANT') {
      for (const { text } of units) this.#queue.push({ text, position: 0, dueAt: at });
      return;
    }
    const from = Math.min(this.#next, this.#plan.positionAt(at));
    this.#settleDueTimes(at);
    let newest = this.#plan.newest;
    for (const unit of units) {
      this.#queue.push({ text: unit.text, position: this.#next, dueAt });
      newest = Math.max(newest, this.#next);
      this.#next += this.#timeOf(unit);
    }
    const held = this.#segmenter.heldUnits;
    if (held > 0) newest = Math.max(newest, this.#next + (held - 1) * (UNIT_MS + JITTER_MS));
    this.#plan.begin(at, from, newest);
  }

  /** Milliseconds from the beginning of a unit to that of the next, at normal speed. */
  #timeOf(unit: SpeechUnit): number {
    if (this.#pacing === 'READING') return this.#readingTime.next(unit);
    return UNIT_MS + JITTER_MS * (2 * this.#random() - 1) + PAUSE_MS[unit.pause];
  }

  #dueAt(unit: QueuedUnit): number {
    return unit.dueAt ?? this.#plan.timeOf(unit.position);
  }

  #settleDueTimes(at: number): void {
    this.#settled = Math.max(this.#settled, this.#head);
    for (let unit = this.#queue[this.#settled]; unit !== undefined; unit = this.#queue[this.#settled]) {
      const dueAt = this.#dueAt(unit);
      if (dueAt > at) return;
      unit.dueAt = dueAt;
      this.#settled++;
    }
  }

  #dropTaken(): void {
    if (this.#head < this.#queue.length && this.#head < this.#queue.length / 2 + FEW) return;
    this.#queue = this.#queue.slice(this.#head);
    this.#settled = Math.max(0, this.#settled - this.#head);
    this.#head = 0;
  }
}

/** `position`: where the unit begins in speech at normal speed. `dueAt`: set when the due time can no longer change. */
interface QueuedUnit {
  text: string;
  position: number;
  dueAt: number | null;
}

/** Larger than the rounding errors of sums of milliseconds, smaller than a timer's resolution. */
const ROUNDING_MS = 1e-3;

/** The number of taken units that may stay in the queue before it is copied. */
const FEW = 64;

function endsInHalfPair(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}
