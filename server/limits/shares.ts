/** How many things of each key are open or running at once, in this process. */
export class Shares {
  readonly #open = new Map<unknown, number>();

  /** Takes one of `most`; 0: there is no limit. Returns what gives it back, which is idempotent, or null when none is left. */
  take(key: unknown, most: number): (() => void) | null {
    const open = this.#open.get(key) ?? 0;
    if (most > 0 && open >= most) return null;
    this.#open.set(key, open + 1);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      const left = (this.#open.get(key) ?? 0) - 1;
      if (left > 0) this.#open.set(key, left);
      else this.#open.delete(key);
    };
  }
}
