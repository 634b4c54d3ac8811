import { type StoreName, StoreUnavailableError } from '../domain/errors.ts';

/** A fault in the log that means that a store is unavailable. `store`: null where only its message is known. */
export interface StoreFault {
  store: StoreName | null;
  message: string;
}

export interface OutageWatch {
  /** For each store a check that rejects while it is unavailable. */
  checks: ReadonlyMap<StoreName, () => Promise<unknown>>;
  /** Called once when a store is available again. `ms`: from the first fault to the last, `faults`: how many there were. */
  onOver: (store: StoreName, outage: { ms: number; faults: number }) => void;
}

/** The time from the first line of an outage to the second, in milliseconds. Each further one takes twice as long. */
const SECOND_LINE_MS = 10_000;
/** The longest time between two lines of an outage, in milliseconds. */
const LONGEST_GAP_MS = 300_000;
/** How often an unavailable store is checked, in milliseconds. */
const CHECK_EVERY_MS = 1_000;
/** A store is available again when its check passes and there was no fault for this time, in milliseconds. */
const QUIET_MS = 5_000;
/** Faults without a known store belong to another outage after this time, in milliseconds. */
const SEPARATE_AFTER_MS = 60_000;
/** The most outages that are open at once: there are few stores, and few messages. */
const MAX_OUTAGES = 20;

/**
 * The outages of stores as this process sees them. Everything that uses a store reports faults of it, many a second: one line
 * is logged at once, then one after 10 s, 20 s, 40 s and so on, each with how many faults there were.
 */
export class StoreOutages {
  readonly #open = new Map<string, Outage>();
  readonly #now: () => number;
  #watch: OutageWatch | null = null;
  #timer: NodeJS.Timeout | undefined;

  /** `now`: milliseconds of a steady clock. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Checks unavailable stores from now on, until what is returned is called. */
  watch(watch: OutageWatch): () => void {
    this.#watch = watch;
    if (this.#open.size > 0) this.#checkSoon();
    return () => {
      this.#watch = null;
      clearTimeout(this.#timer);
      this.#timer = undefined;
    };
  }

  /** Counts a fault. Returns how many the outage has had if a line is due; null: none is. */
  report({ store, message }: StoreFault): number | null {
    const now = this.#now();
    const outage = this.#outageOf(store, message, now);
    outage.faults++;
    outage.lastAt = now;
    if (store) this.#checkSoon();
    if (now < outage.dueAt) return null;
    outage.dueAt = now + outage.gapMs;
    outage.gapMs = Math.min(outage.gapMs * 2, LONGEST_GAP_MS);
    return outage.faults;
  }

  #outageOf(store: StoreName | null, message: string, now: number): Outage {
    const key = store ?? message;
    const known = this.#open.get(key);
    if (known && (store || now - known.lastAt < SEPARATE_AFTER_MS)) return known;
    if (this.#open.size >= MAX_OUTAGES) this.#open.clear();
    const outage = { store, firstAt: now, lastAt: now, dueAt: now, gapMs: SECOND_LINE_MS, faults: 0 };
    this.#open.set(key, outage);
    return outage;
  }

  #checkSoon(): void {
    if (!this.#watch || this.#timer) return;
    this.#timer = setTimeout(() => void this.#check(), CHECK_EVERY_MS);
    this.#timer.unref();
  }

  async #check(): Promise<void> {
    const stores = [...this.#open.values()].flatMap(({ store }) => (store ? [store] : []));
    await Promise.all(stores.map((store) => this.#checkOne(store)));
    this.#timer = undefined;
    if ([...this.#open.values()].some(({ store }) => store && this.#watch?.checks.has(store)))
      this.#checkSoon();
  }

  async #checkOne(store: StoreName): Promise<void> {
    const isBack = await this.#watch?.checks
      .get(store)?.()
      .then(
        () => true,
        () => false,
      );
    const outage = this.#open.get(store);
    if (!isBack || !outage || this.#now() - outage.lastAt < QUIET_MS) return;
    this.#open.delete(store);
    const { firstAt, lastAt, faults } = outage;
    this.#watch?.onOver(store, { ms: Math.round(lastAt - firstAt), faults });
  }
}

/** The fault of a store in an error or its causes; null: it is another error. */
export function storeFaultIn(error: unknown): StoreFault | null {
  let message: string | null = null;
  let each = error;
  for (let depth = 0; depth < MAX_CAUSES && each instanceof Error; depth++) {
    if (each instanceof StoreUnavailableError) {
      message ??= each.message;
      if (each.store) return { store: each.store, message };
    }
    each = each.cause;
  }
  return message === null ? null : { store: null, message };
}

/** How deep causes are read. */
const MAX_CAUSES = 6;

interface Outage {
  store: StoreName | null;
  firstAt: number;
  lastAt: number;
  /** When its next line is due. */
  dueAt: number;
  gapMs: number;
  faults: number;
}
