import { ChangeBuffer } from './change-buffer.ts';
import type { ConversationChange, ConversationChanges } from './conversation-changes.ts';

/** {@link ConversationChanges} within a single process. */
export class MemoryChanges implements ConversationChanges {
  readonly #listeners = new Map<string, Set<ChangeBuffer>>();

  async publish(owner: string, change: ConversationChange): Promise<void> {
    for (const listener of this.#listeners.get(owner) ?? []) listener.push(change);
  }

  subscribe(owner: string): AsyncIterableIterator<ConversationChange> {
    const listeners = this.#listeners.get(owner) ?? new Set();
    this.#listeners.set(owner, listeners);
    const buffer = new ChangeBuffer(() => {
      listeners.delete(buffer);
      if (listeners.size === 0) this.#listeners.delete(owner);
    });
    listeners.add(buffer);
    return buffer;
  }

  async stop(): Promise<void> {
    for (const listeners of [...this.#listeners.values()])
      for (const listener of [...listeners]) listener.end();
  }
}
