import { type ModelHealth, PROBE_MS } from './model-health.ts';

/** {@link ModelHealth} within a single process. */
export class MemoryModelHealth implements ModelHealth {
  readonly #now: () => number;
  /** Per open breaker, until when no request is allowed: the end of its rest, or of its probe. */
  readonly #open = new Map<string, number>();

  /** `now`: a monotonic clock, in milliseconds. */
  constructor({ now = () => performance.now() }: { now?: () => number } = {}) {
    this.#now = now;
  }

  async allowRequest(model: string): Promise<boolean> {
    const until = this.#open.get(model);
    if (until === undefined) return true;
    if (this.#now() < until) return false;
    this.#open.set(model, this.#now() + PROBE_MS);
    return true;
  }

  async open(model: string, restMs: number): Promise<void> {
    this.#open.set(model, this.#now() + restMs);
  }

  async close(model: string): Promise<void> {
    this.#open.delete(model);
  }

  isOpen(model: string): boolean {
    return this.#open.has(model);
  }

  openModels(): string[] {
    const now = this.#now();
    return [...this.#open].filter(([, until]) => now < until).map(([model]) => model);
  }

  async stop(): Promise<void> {}
}
