import { within } from '../async/within.ts';
import type { Clock } from './clock.ts';

export interface StoreClockOptions {
  /** The store's time, in Unix milliseconds. */
  ask: () => Promise<number>;
  /** Called after each measurement with how far this machine's clock is ahead, in milliseconds; negative: behind. */
  onMeasured: (aheadMs: number) => void;
  /** Time between measurements, in milliseconds. Default: {@link MEASURE_EVERY_MS}. */
  everyMs?: number;
  /** This machine's clock, in Unix milliseconds. */
  machine?: () => number;
  /** A monotonic clock, in milliseconds. */
  steady?: () => number;
}

/** Time between measurements, in milliseconds. */
const MEASURE_EVERY_MS = 10_000;
/** How long to wait for an answer, in milliseconds: a later one would be too imprecise. */
const ANSWER_WITHIN_MS = 2_000;
/** How much a machine's monotonic clock may run fast or slow: 500 parts in a million, the most that NTP corrects. */
const DRIFT = 0.0005;

interface Measurement {
  /** The store's time at `at` of the monotonic clock, plus or minus `errorMs`. */
  time: number;
  at: number;
  errorMs: number;
}

/**
 * The store's time: measured every few seconds by the middle of the round trip, and advanced by the monotonic clock in
 * between, so that it does not jump when this machine's clock is set. Until the first answer it is the machine's time.
 */
export class StoreClock implements Clock {
  readonly #options: StoreClockOptions;
  readonly #machine: () => number;
  readonly #steady: () => number;
  #timer: NodeJS.Timeout | undefined;
  #last: Measurement | null = null;

  /** Resolves after the first measurement, whether or not the store answered. Measures periodically from then on. */
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

  /** Measures the store's time. Never rejects: without an answer it keeps the last measurement. */
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

  /** A slow answer does not replace a better one that it agrees with: it is less precise. */
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
