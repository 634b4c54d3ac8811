import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CallersShares } from '../../limits/callers-shares.ts';
import type { Limits, Origin } from '../../limits/limits.ts';
import type { Documents } from './documents.ts';

export interface DocumentTurnsOptions {
  documents: Pick<Documents, 'isKnown'>;
  shares: Pick<CallersShares, 'of'>;
  limits: Pick<Limits, 'beginOperation'>;
}

/**
 * Has a caller whose share of the time is used up wait before a document is parsed and validated, which takes milliseconds
 * in which the event loop does nothing else. Documents that the server knows, as those of clients are, do not wait.
 */
export class DocumentTurns {
  readonly #options: DocumentTurnsOptions;
  /** By budget, the last document of a caller that waits. */
  readonly #last = new WeakMap<object, Promise<void>>();

  constructor(options: DocumentTurnsOptions) {
    this.#options = options;
  }

  /**
   * Resolves when a document of the caller may be parsed: of several that wait, one in a turn of the event loop. One that
   * waits counts as an operation that runs. @throws {RateLimitedError}
   */
  async next(text: string, origin: Origin): Promise<void> {
    const { documents, shares, limits } = this.#options;
    const { budget } = shares.of(origin.owner);
    const before = this.#last.get(budget);
    if ((!before && !budget.isUsedUp) || documents.isKnown(text)) return;
    const release = limits.beginOperation(origin);
    const turn = (before ?? Promise.resolve()).then(() => budget.hasSome());
    const over = turn.then(() => nextTurn());
    this.#last.set(budget, over);
    await turn;
    release();
    void over.then(() => {
      if (this.#last.get(budget) === over) this.#last.delete(budget);
    });
  }

  /** Runs `work` on a document, whose time is the caller's. */
  charged<T>(caller: Origin['owner'], work: () => T): T {
    const begun = performance.now();
    try {
      return work();
    } finally {
      this.#options.shares.of(caller).budget.use(performance.now() - begun);
    }
  }
}
