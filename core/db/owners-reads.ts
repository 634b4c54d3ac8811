import pLimit, { type LimitFunction } from 'p-limit';
import { type Owner, ownerKey } from '../domain/owner.ts';

/**
 * Lets each owner have so many reads under way at once, so that one owner, whose one query can ask for hundreds, does not
 * take all connections of the pool. The others of that owner wait in order.
 */
export class OwnersReads {
  readonly #most: number;
  readonly #owners = new Map<string, LimitFunction>();

  /** `most`; 0: there is no limit. */
  constructor(most: number) {
    this.#most = most;
  }

  async run<T>(owner: Owner, read: () => Promise<T>): Promise<T> {
    if (this.#most === 0) return read();
    const key = ownerKey(owner);
    const limit = this.#owners.get(key) ?? pLimit(this.#most);
    this.#owners.set(key, limit);
    try {
      return await limit(read);
    } finally {
      // p-limit frees the slot one step after the read: what is left then is what runs or waits now.
      queueMicrotask(() => {
        if (limit.activeCount + limit.pendingCount === 0 && this.#owners.get(key) === limit)
          this.#owners.delete(key);
      });
    }
  }
}
