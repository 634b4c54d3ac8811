import type { Pacing } from '../domain/vocabulary.ts';
import { SpeechPlan } from './speech-plan.ts';
import { SpeechSegmenter, type SpeechUnit } from './speech-units.ts';
import type { Pause } from './stops.ts';

/** What is spoken at once. */
export interface Utterance {
  text: string;
  /** How many units it joins: words at HUMAN pace, the model's own chunks at INSTANT. */
  tokens: number;
  /** When the first of it was due, on the caller's clock. */
  dueAt: number;
}

export interface PacerOptions {
  pacing: Pacing;
  /** Between 0 and 1, as `Math.random`, which it is unless given. */
  random?: () => number;
}

/** The unhurried beat of one unit. */
export const UNIT_MS = 30;
/** A beat is longer or shorter by at most this. */
export const JITTER_MS = 10;
/** What is added to the beat after a unit. */
export const PAUSE_MS: Readonly<Record<Pause, number>> = { none: 0, clause: 120, sentence: 250 };
/** A word that may still grow is spoken as it is when it has waited this long: a model's gaps between tokens are shorter. */
export const PATIENCE_MS = 300;
/**
 * What is due within this time is spoken at once. It is less than the shortest unhurried beat, so it joins only
 * what hurried speech brings closer together than anyone can tell apart, and bounds the utterances to a hundred a second.
 */
export const FRAME_MS = 10;

/**
 * Text that a model produces, given out again at the pace at which it is to be spoken. It has no clock and no timers: every method
 * is told the time in milliseconds, of any origin; a time before the last one told counts as that.
 *
 * HUMAN: a unit (see `SpeechSegmenter`) every 30 ± 10 ms, 120 ms more after a clause and 250 ms more after a sentence, faster as
 * the backlog grows (see `speechRate`), so that everything is due within `MAX_LAG_MS` of being pushed, whether or not the
 * model has finished. Text that is pushed never delays what is queued. A word that may still grow is waited for, but for no
 * longer than `PATIENCE_MS`.
 * INSTANT: due when it is pushed.
 * At either pace half of a surrogate pair waits for its other half or for the end.
 *
 * Due times depend on the pushes alone: a slow caller gets all that has become due as one utterance and is on time again.
 * Everything is spoken in order, and the utterances joined are the text pushed. Constant time per unit.
 */
export class Pacer {
  readonly #pacing: Pacing;
  readonly #random: () => number;
  readonly #segmenter = new SpeechSegmenter();
  #now = Number.NEGATIVE_INFINITY;
  #finished = false;

  #queue: QueuedUnit[] = [];
  #head = 0;
  /** Units before this index of the queue have a due time that no longer changes. */
  #settled = 0;

  /** Positions are milliseconds of unhurried speech since the first unit. This one is the next unit's. */
  #next = 0;
  readonly #plan = new SpeechPlan();
  #heldSince = 0;
  #halfPair = '';

  constructor({ pacing, random = Math.random }: PacerOptions) {
    this.#pacing = pacing;
    this.#random = random;
  }

  /** The model has produced text. Throws after `finish`. */
  push(text: string, now: number): void {
    if (this.#finished)
      throw new Error('Text was pushed to a pacer that had been told that the model has finished');
    if (text === '') return;
    const at = this.#advance(now);
    const heldBefore = this.#segmenter.held;
    const units = this.#pacing === 'HUMAN' ? this.#segmenter.push(text) : this.#instantly(text);
    // Text held since before this push keeps its age, so that it cannot be held for ever by a trickle.
    if (heldBefore === 0 || (units.length > 0 && this.#segmenter.held <= text.length)) this.#heldSince = at;
    this.#enqueue(units, at);
  }

  /** The model has finished: nothing is waited for any more. Again: no effect. */
  finish(now: number): void {
    if (this.#finished) return;
    const at = this.#advance(now);
    this.#finished = true;
    this.#enqueue(this.#pacing === 'HUMAN' ? this.#segmenter.flush() : this.#instantly(''), at);
  }

  /** Everything that is due, or will be within `FRAME_MS`; null when nothing is due. */
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

  /** When `take` next gives something, if nothing more is pushed; it may be past. Null when nothing is queued. */
  nextDueAt(): number | null {
    const first = this.#queue[this.#head];
    if (first !== undefined) return this.#dueAt(first);
    return this.#segmenter.held > 0 ? this.#patienceEndsAt() : null;
  }

  /** Nothing is queued. */
  get idle(): boolean {
    return this.nextDueAt() === null;
  }

  /** The model has finished and everything has been taken. */
  get done(): boolean {
    return this.#finished && this.idle;
  }

  /** Brings the state to `now` and answers that time, or the last one told if that is later. */
  #advance(now: number): number {
    this.#now = Math.max(this.#now, now);
    if (this.#segmenter.held > 0) {
      const endsAt = this.#patienceEndsAt();
      if (endsAt <= this.#now) {
        const unit = this.#segmenter.settle();
        if (unit !== null) this.#enqueue([unit], endsAt, endsAt);
      }
    }
    return this.#now;
  }

  /** When the text held back is spoken as it is: at its turn, if it has been waited for long enough. */
  #patienceEndsAt(): number {
    return Math.max(this.#plan.timeOf(this.#next), this.#heldSince + PATIENCE_MS);
  }

  #instantly(text: string): SpeechUnit[] {
    const whole = this.#halfPair + text;
    const end = !this.#finished && endsInHalfPair(whole) ? whole.length - 1 : whole.length;
    this.#halfPair = whole.slice(end);
    return end === 0 ? [] : [{ text: whole.slice(0, end), pause: 'none' }];
  }

  /** Queues units and plans anew from what is now the backlog. */
  #enqueue(units: readonly SpeechUnit[], at: number, dueAt: number | null = null): void {
    if (this.#pacing === 'INSTANT') {
      for (const { text } of units) this.#queue.push({ text, position: 0, dueAt: at });
      return;
    }
    const from = Math.min(this.#next, this.#plan.positionAt(at));
    this.#settleDueTimes(at);
    let newest = this.#plan.newest;
    for (const { text, pause } of units) {
      this.#queue.push({ text, position: this.#next, dueAt });
      newest = Math.max(newest, this.#next);
      this.#next += UNIT_MS + JITTER_MS * (2 * this.#random() - 1) + PAUSE_MS[pause];
    }
    const held = this.#segmenter.heldUnits;
    if (held > 0) newest = Math.max(newest, this.#next + (held - 1) * (UNIT_MS + JITTER_MS));
    this.#plan.begin(at, from, newest);
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

/** A unit's position is where in unhurried speech it begins; its due time, once it can no longer change, is written down. */
interface QueuedUnit {
  text: string;
  position: number;
  dueAt: number | null;
}

/** More than sums of floating-point milliseconds are off by, less than any timer can tell. */
const ROUNDING_MS = 1e-3;

/** Taken units that may lie in the queue before it is worth copying what is left. */
const FEW = 64;

function endsInHalfPair(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}
