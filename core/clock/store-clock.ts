import { within } from '../async/within.ts';
import type { Clock } from './clock.ts';

export interface StoreClockOptions {
  /** The store's time, in Unix milliseconds. */
  ask: () => Promise<number>;
  /** Told after each measurement by how many milliseconds this machine's clock is ahead; negative: behind. */
  onMeasured: (aheadMs: number) => void;
  /** How often the store is asked, in milliseconds. Default: {@link MEASURE_EVERY_MS}. */
  everyMs?: number;
  /** This machine's clock, in Unix milliseconds. */
  machine?: () => number;
  /** Milliseconds of a clock that nobody sets. */
  steady?: () => number;
}

/** How often the store is asked for its time, in milliseconds. */
export const MEASURE_EVERY_MS = 10_000;
/** How long an answer is waited for, in milliseconds: a later one would say little. */
const ANSWER_WITHIN_MS = 2_000;
/** How much a machine's steady clock may run fast or slow: 500 parts in a million, the most that NTP corrects. */
const DRIFT = 0.0005;

interface Measurement {
  /** The store's time at `at` of the steady clock, give or take `errorMs`. */
  time: number;
  at: number;
  errorMs: number;
}

/**
 * The store's time as this process knows it: measured every few seconds, by the middle of the round trip, and carried on
 * by the steady clock in between, so that it does not jump when somebody sets this machine's clock.
 * Until the store has answered once it is the machine's own.
 */
export class StoreClock implements Clock {
  readonly #options: StoreClockOptions;
  readonly #machine: () => number;
  readonly #steady: () => number;
  #timer: NodeJS.Timeout | undefined;
  #last: Measurement | null = null;

  /** Resolves when the store was asked once, whether or not it answered: it is asked again. */
  static async open(options: StoreClockOptions): Promise<StoreClock> {
    const clock = new StoreClock(options);
    await clock.measure();
    clock.#timer = setInterval(() => void clock.measure(), options.everyMs ?? MEASURE_EVERY_MS);
    clock.#timer.unref();
    return clock;
  }

  private constructor(options: StoreClockOptions) {
    this.#options = options;
    this.#machine = options.machine ?? (() => Date.now());
    this.#steady = options.steady ?? (() => performance.now());
  }

  now(): number {
    return this.#last ? this.#last.time + this.#steady() - this.#last.at : this.#machine();
  }

  /** Asks the store. Never rejects: where there is no answer, what was measured before stays. */
  async measure(): Promise<void> {
    const begun = this.#steady();
    const time = await within(ANSWER_WITHIN_MS, this.#options.ask()).catch(() => null);
    if (time === null) return;
    const ended = this.#steady();
    this.#take({ time, at: (begun + ended) / 2, errorMs: (ended - begun) / 2 });
    this.#options.onMeasured(this.#machine() - this.now());
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** A slow answer does not replace a good one that it agrees with: it says less. */
  #take(next: Measurement): void {
    const { time, at, errorMs } = next;
    const last = this.#last;
    if (last) {
      const lastErrorMs = last.errorMs + (at - last.at) * DRIFT;
      const apartMs = Math.abs(time - (last.time + at - last.at));
      if (errorMs > lastErrorMs && apartMs <= errorMs) return;
    }
    this.#last = next;
  }
}
