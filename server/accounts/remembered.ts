/** The most that is remembered: callers choose the keys. */
const MAX_REMEMBERED = 10_000;

/** Values by their keys. Each is read again after a time, and what could not be read is not remembered. */
export class Remembered<T> {
  readonly #read: (key: string) => Promise<T>;
  readonly #forMs: number;
  readonly #now: () => number;
  readonly #keyOf: (key: string) => string;
  readonly #values = new Map<string, { at: number; value: Promise<T> }>();

  /** `now`: Unix milliseconds. `keyOf`: what is kept of a key. */
  constructor(
    read: (key: string) => Promise<T>,
    forMs: number,
    now: () => number = Date.now,
    keyOf: (key: string) => string = (key) => key,
  ) {
    this.#read = read;
    this.#forMs = forMs;
    this.#now = now;
    this.#keyOf = keyOf;
  }

  /** Rejects as the reading does. */
  get(key: string): Promise<T> {
    const kept = this.#keyOf(key);
    const known = this.#values.get(kept);
    const at = this.#now();
    if (known && at - known.at < this.#forMs) return known.value;
    if (this.#values.size >= MAX_REMEMBERED) this.#values.clear();
    const value = this.#read(key);
    this.#values.set(kept, { at, value });
    value.catch(() => this.#values.delete(kept));
    return value;
  }
}
