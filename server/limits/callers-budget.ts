import { performance } from 'node:perf_hooks';

export interface BudgetOptions {
  /** Of the time of the event loop, which share one caller has while the loop is busy. */
  share: number;
  /** How much of it a caller can use at once, in milliseconds. */
  burstMs: number;
  /** Whether the loop is busy. */
  isBusy?: () => boolean;
  /** Milliseconds of a steady clock. */
  now?: () => number;
}

/**
 * What one caller has used of the event loop's time. While the loop is busy a caller who has used up their share waits, so
 * that those who have not are answered meanwhile; while it is not, no operation waits.
 */
export class CallersBudget {
  readonly #options: Required<BudgetOptions>;
  #leftMs: number;
  #expectedMs = 0;
  #at: number;

  constructor({ isBusy = isLoopBusy, now = () => performance.now(), ...options }: BudgetOptions) {
    this.#options = { isBusy, now, ...options };
    this.#leftMs = options.burstMs;
    this.#at = now();
  }

  /**
   * Runs an operation when it is the caller's turn. Until `usedMs` says what it has used, it counts as much as the
   * caller's last ones, so that not all that wait begin at once.
   */
  async run<T>(operation: () => Promise<T>, usedMs: () => number): Promise<T> {
    if (this.isUsedUp) await this.hasSome();
    const expected = this.#expectedMs;
    this.#leftMs -= expected;
    try {
      return await operation();
    } finally {
      const used = usedMs();
      this.#expectedMs = Math.max(used, this.#expectedMs * REMEMBERED);
      this.#refill();
      this.#leftMs = Math.max(this.#leftMs + expected - used, -this.#options.burstMs);
    }
  }

  /** Whether the caller has to wait. */
  get isUsedUp(): boolean {
    this.#refill();
    return this.#leftMs <= 0 && this.#options.isBusy();
  }

  /** Resolves when the caller has some of it, or the loop is not busy. */
  async hasSome(): Promise<void> {
    while (this.isUsedUp) await nextLook();
  }

  /** Takes what was used without waiting for it. */
  use(ms: number): void {
    this.#refill();
    this.#leftMs = Math.max(this.#leftMs - ms, -this.#options.burstMs);
  }

  #refill(): void {
    const { share, burstMs, now } = this.#options;
    const at = now();
    this.#leftMs = Math.min(burstMs, this.#leftMs + (at - this.#at) * share);
    this.#at = at;
  }
}

function nextLook(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, CHECKED_EVERY_MS));
}

const CHECKED_EVERY_MS = 20;
/** How much of what a large operation has used is expected after each smaller one. */
const REMEMBERED = 0.9;
/** Over which time the loop is looked at, and from which utilization on it is busy. */
const LOOKED_AT_MS = 100;
const BUSY_FROM = 0.2;

let seen = performance.eventLoopUtilization();
let seenAt = performance.now();
let isBusy = false;

function isLoopBusy(): boolean {
  const now = performance.now();
  if (now - seenAt < LOOKED_AT_MS) return isBusy;
  const current = performance.eventLoopUtilization();
  isBusy = performance.eventLoopUtilization(current, seen).utilization > BUSY_FROM;
  seen = current;
  seenAt = now;
  return isBusy;
}
