import pLimit from 'p-limit';

/**
 * How many feeds a process reconciles concurrently, by who waits for them. After a restart of Redis every feed with a
 * listener must be reconciled, and mutations need database connections too.
 */
const AT_ONCE = { call: 2, listener: 4 };

/** Who waits for a feed: a call has its own limit, so that it never queues behind listeners. */
export type Waiting = keyof typeof AT_ONCE;

export type ReconcileOutcome = 'done' | 'failed';

/** Reconciles feeds, a few at a time. Concurrent requests for one feed share one run. */
export class Reconciler {
  readonly #reconcile: (conversationId: string) => Promise<unknown>;
  readonly #onDone: (outcome: ReconcileOutcome) => void;
  readonly #kinds = {
    call: { limit: pLimit(AT_ONCE.call), running: new Map<string, Promise<void>>() },
    listener: { limit: pLimit(AT_ONCE.listener), running: new Map<string, Promise<void>>() },
  };

  /** `onDone` is called after each run. */
  constructor(
    reconcile: (conversationId: string) => Promise<unknown>,
    onDone: (outcome: ReconcileOutcome) => void = () => {},
  ) {
    this.#reconcile = reconcile;
    this.#onDone = onDone;
  }

  run(conversationId: string, waiting: Waiting): Promise<void> {
    const { limit, running } = this.#kinds[waiting];
    const before = running.get(conversationId);
    if (before) return before;
    const run = limit(() => this.#run(conversationId)).finally(() => running.delete(conversationId));
    running.set(conversationId, run);
    return run;
  }

  async #run(conversationId: string): Promise<void> {
    try {
      await this.#reconcile(conversationId);
      this.#onDone('done');
    } catch (error) {
      this.#onDone('failed');
      throw error;
    }
  }
}
