import { KeyedQueue } from '../async/keyed-queue.ts';
import { type DriveFrom, type Driven, type DriveOptions, drive } from './drive.ts';

/** Drives conversations, each by one at a time here. One that waits serves all who ask for it meanwhile. */
export class Drives {
  readonly #options: DriveOptions;
  readonly #queue = new KeyedQueue();
  readonly #running = new Set<string>();
  readonly #waiting = new Map<string, Promise<Driven>>();

  constructor(options: DriveOptions) {
    this.#options = options;
  }

  run(conversationId: string, { from = null, own = null, opens = true }: DriveFrom = {}): Promise<Driven> {
    // One that does not open the pending turn must not be served by one that does.
    const waiting = own || !opens ? undefined : this.#waiting.get(conversationId);
    if (waiting) return waiting;
    const isLater = this.#running.has(conversationId);
    const driven = this.#queue.run(conversationId, () => {
      if (this.#waiting.get(conversationId) === driven) this.#waiting.delete(conversationId);
      this.#running.add(conversationId);
      // One that had to wait looks again: there may be more to do.
      return drive(this.#options, conversationId, { from: isLater ? null : from, own, opens }).finally(() =>
        this.#running.delete(conversationId),
      );
    });
    if (isLater && !own && opens) this.#waiting.set(conversationId, driven);
    return driven;
  }
}
