/** The most that is remembered: callers choose the keys. */
const MAX_REMEMBERED = 10_000;

/** Values by their keys. Each is read again after a time, and what could not be read is not remembered. */
export class Remembered<T> {
  readonly #read: (key: string) => Promise<T>;
  readonly #forMs: number;
  readonly #now: () => number;
  readonly #values = new Map<string, { at: number; value: Promise<T> }>();

  /** `now`: Unix milliseconds. */
  constructor(read: (key: string) => Promise<T>, forMs: number, now: () => number = Date.now) {
    this.#read = read;
    this.#forMs = forMs;
    this.#now = now;
  }

  /** Rejects as the reading does. */
  get(key: string): Promise<T> {
    const known = this.#values.get(key);
    const at = this.#now();
    if (known && at - known.at < this.#forMs) return known.value;
    if (this.#values.size >= MAX_REMEMBERED) this.#values.clear();
    const value = this.#read(key);
    this.#values.set(key, { at, value });
    value.catch(() => this.#values.delete(key));
    return value;
  }
}
