import type { SearchIndex } from '../core/store/search-index.ts';

/** How soon new messages are indexed, in milliseconds. */
const EVERY_MS = 500;
/** The pause after a fault, in milliseconds. */
const AFTER_FAULT_MS = 5_000;

export interface IndexerOptions {
  index: Pick<SearchIndex, 'followLanguages' | 'addChanged' | 'addOlder'>;
  /** Called with the fault of a step; the next one is tried later. */
  onFault: (error: unknown) => void;
}

/**
 * Keeps the index of the search up to date, as long as it runs. Messages from before the index take half of the time, so that
 * they do not take the database from those who write.
 */
export class Indexer {
  readonly #options: IndexerOptions;
  #isStopped = false;
  #wake: (() => void) | null = null;
  #running: Promise<void> | null = null;

  constructor(options: IndexerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Resolves when the step under way has ended. Idempotent. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#wake?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { index, onFault } = this.#options;
    let isReady = false;
    let isOlderLeft = true;
    while (!this.#isStopped) {
      try {
        if (!isReady) await index.followLanguages();
        isReady = true;
        const begun = performance.now();
        const isMore = await index.addChanged();
        if (!isMore && isOlderLeft) isOlderLeft = await index.addOlder();
        if (!isMore) await this.#pause(isOlderLeft ? performance.now() - begun : EVERY_MS);
      } catch (error) {
        onFault(error);
        await this.#pause(AFTER_FAULT_MS);
      }
    }
  }

  async #pause(ms: number): Promise<void> {
    if (this.#isStopped) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = null;
  }
}
