import type { Presence } from './presence.ts';

/** {@link Presence} within a single process. */
export class MemoryPresence implements Presence {
  readonly #listeners = new Map<string, number>();

  async join(conversationId: string): Promise<() => void> {
    this.#listeners.set(conversationId, (this.#listeners.get(conversationId) ?? 0) + 1);
    let here = true;
    return () => {
      if (!here) return;
      here = false;
      const left = (this.#listeners.get(conversationId) ?? 1) - 1;
      if (left > 0) this.#listeners.set(conversationId, left);
      else this.#listeners.delete(conversationId);
    };
  }

  async isAnyone(conversationId: string): Promise<boolean> {
    return this.#listeners.has(conversationId);
  }

  async stop(): Promise<void> {
    this.#listeners.clear();
  }
}
