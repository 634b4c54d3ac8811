/** Timers and clocks that a test advances, in place of those of Node, so that a run does not depend on the machine. */
export class VirtualTime {
  /** How far ahead the clock of the running process is, in milliseconds. */
  skew = 0;
  #now: number;
  #count = 0;
  readonly #timers = new Map<number, { at: number; fire: () => void }>();

  /** `now`: Unix milliseconds. */
  constructor(now: number) {
    this.#now = now;
  }

  get now(): number {
    return this.#now;
  }

  /** Advances the time and fires the timers that are due. */
  pass(ms: number): void {
    this.#now += ms;
    for (const [id, { at, fire }] of this.#timers) {
      if (at > this.#now) continue;
      this.#timers.delete(id);
      fire();
    }
  }

  /** Replaces the timers and clock of Node. Returns a function that restores them. */
  install(): () => void {
    const { setTimeout, clearTimeout } = globalThis;
    const dateNow = Date.now;
    const performanceNow = performance.now;
    const restore = () => {
      Object.assign(globalThis, { setTimeout, clearTimeout });
      Date.now = dateNow;
      performance.now = performanceNow;
    };
    Date.now = () => this.#now + this.skew;
    performance.now = () => this.#now;
    Object.assign(globalThis, {
      setTimeout: (fire: () => void, ms = 0) => {
        this.#timers.set(++this.#count, { at: this.#now + ms, fire });
        return this.#count;
      },
      clearTimeout: (id: number) => void this.#timers.delete(id),
    });
    return restore;
  }
}
