import { type Owner, ownerKey } from '../../domain/owner.ts';
import { ChangeBuffer } from './change-buffer.ts';
import type { ConversationChange, ConversationChanges } from './conversation-changes.ts';

/** {@link ConversationChanges} within a single process. */
export class MemoryChanges implements ConversationChanges {
  readonly #listeners = new Map<string, Set<ChangeBuffer>>();

  async publish(owner: Owner, change: ConversationChange): Promise<void> {
    for (const listener of this.#listeners.get(ownerKey(owner)) ?? []) listener.push(change);
  }

  subscribe(owner: Owner): AsyncIterableIterator<ConversationChange> {
    const key = ownerKey(owner);
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners);
    const buffer = new ChangeBuffer(() => {
      listeners.delete(buffer);
      if (listeners.size === 0) this.#listeners.delete(key);
    });
    listeners.add(buffer);
    return buffer;
  }

  async stop(): Promise<void> {
    for (const listeners of [...this.#listeners.values()])
      for (const listener of [...listeners]) listener.end();
  }
}
