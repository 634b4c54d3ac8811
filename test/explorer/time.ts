/** Timers and clocks that a test moves on, in place of Node's; so a run is the same whatever else the machine does. */
export class VirtualTime {
  /** How far the clock of the process that runs now is ahead, in milliseconds. */
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

  /** Moves on, and fires what is due. */
  pass(ms: number): void {
    this.#now += ms;
    for (const [id, { at, fire }] of this.#timers) {
      if (at > this.#now) continue;
      this.#timers.delete(id);
      fire();
    }
  }

  /** Puts itself in the place of Node's; answers what puts those back. */
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
