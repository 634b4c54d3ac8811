import { KeyedQueue } from '../async/keyed-queue.ts';
import { type DriveFrom, type Driven, type DriveOptions, drive } from './drive.ts';

/** Runs drives in this process, one at a time per conversation. Calls that arrive while a drive waits share it. */
export class Drives {
  readonly #options: DriveOptions;
  readonly #queue = new KeyedQueue();
  readonly #running = new Set<string>();
  readonly #waiting = new Map<string, Promise<Driven>>();

  constructor(options: DriveOptions) {
    this.#options = options;
  }

  run(conversationId: string, { from = null, own = null, opens = true }: DriveFrom = {}): Promise<Driven> {
    // A drive that must not open the pending turn cannot share one that opens it.
    const waiting = own || !opens ? undefined : this.#waiting.get(conversationId);
    if (waiting) return waiting;
    const isLater = this.#running.has(conversationId);
    const driven = this.#queue.run(conversationId, () => {
      if (this.#waiting.get(conversationId) === driven) this.#waiting.delete(conversationId);
      this.#running.add(conversationId);
      // A drive that had to wait reads the row again: there may be more to do.
      return drive(this.#options, conversationId, { from: isLater ? null : from, own, opens }).finally(() =>
        this.#running.delete(conversationId),
      );
    });
    if (isLater && !own && opens) this.#waiting.set(conversationId, driven);
    return driven;
  }
}
