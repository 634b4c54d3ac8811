import { type Owner, ownerKey } from '../../core/domain/owner.ts';

/** What callers have asked for and not read yet, over all of their connections. */
export class UnreadBytes {
  readonly #connections = new Map<string, Set<() => number>>();

  /** Includes a connection until the returned function is called. `bytes`: how many are unread at the moment. */
  track(caller: Owner, bytes: () => number): () => void {
    const key = ownerKey(caller);
    const connections = this.#connections.get(key) ?? new Set();
    this.#connections.set(key, connections.add(bytes));
    return () => {
      connections.delete(bytes);
      if (connections.size === 0 && this.#connections.get(key) === connections) this.#connections.delete(key);
    };
  }

  /** How many bytes are unread by a caller. */
  of(caller: Owner): number {
    let sum = 0;
    for (const bytes of this.#connections.get(ownerKey(caller)) ?? []) sum += bytes();
    return sum;
  }
}
