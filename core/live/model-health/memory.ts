import { type ModelHealth, PROBE_MS } from './model-health.ts';

/** The health of models as one process knows it. */
export class MemoryModelHealth implements ModelHealth {
  readonly #now: () => number;
  /** By model, until when it rests or is being probed. */
  readonly #sick = new Map<string, number>();

  /** `now`: milliseconds of any steady clock. */
  constructor({ now = () => performance.now() }: { now?: () => number } = {}) {
    this.#now = now;
  }

  async allowRequest(model: string): Promise<boolean> {
    const until = this.#sick.get(model);
    if (until === undefined) return true;
    if (this.#now() < until) return false;
    this.#sick.set(model, this.#now() + PROBE_MS);
    return true;
  }

  async open(model: string, restMs: number): Promise<void> {
    this.#sick.set(model, this.#now() + restMs);
  }

  async close(model: string): Promise<void> {
    this.#sick.delete(model);
  }

  isOpen(model: string): boolean {
    return this.#sick.has(model);
  }

  async stop(): Promise<void> {}
}
