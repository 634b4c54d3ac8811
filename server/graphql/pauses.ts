/**
 * The pauses of one operation: after each slice of work it lets the event loop turn, so that others are answered meanwhile.
 * An operation that is one slice or less, as an honest page is, has none.
 */
export class Pauses {
  readonly #turns: { next(): Promise<void> };
  readonly #workMs: () => number;
  #pausedAtMs = 0;

  /**
   * `turns`: those of the event loop, which all operations of a process share: each turn is for one of them.
   * `workMs`: about how long the operation has worked, in milliseconds.
   */
  constructor(turns: { next(): Promise<void> }, workMs: () => number) {
    this.#turns = turns;
    this.#workMs = workMs;
  }

  get isDue(): boolean {
    return this.#workMs() - this.#pausedAtMs >= SLICE_MS;
  }

  /** Resolves when the operation may go on. */
  async take(): Promise<void> {
    await this.#turns.next();
    this.#pausedAtMs = this.#workMs();
  }

  /** Work begins to be counted again, from zero. */
  restart(): void {
    this.#pausedAtMs = 0;
  }
}

/** A page of 50 messages takes about 7 ms in all, some of it before and after. */
const SLICE_MS = 5;

/**
 * The items of a list, each as it is until a pause is due; from then on as promises, which are resolved in order, with a
 * pause after each slice. What is done with an item before the next one is taken, or once it is resolved, is work.
 */
export function* withPauses<T>(items: Iterable<T>, pauses: Pauses): Generator<T | Promise<T>> {
  const waiting: (() => void)[] = [];
  for (const item of items) {
    // A promise may fail before its turn, so it is passed on at once.
    if (item instanceof Promise || (waiting.length === 0 && !pauses.isDue)) {
      yield item;
      continue;
    }
    if (waiting.length === 0) void resolveAll(waiting, pauses);
    yield new Promise<T>((resolve) => waiting.push(() => resolve(item)));
  }
}

/** `waiting` is filled before the first pause is over. */
async function resolveAll(waiting: (() => void)[], pauses: Pauses): Promise<void> {
  await pauses.take();
  for (const resolve of waiting) {
    if (pauses.isDue) await pauses.take();
    resolve();
    // What waits for the item is run first.
    await null;
  }
}
