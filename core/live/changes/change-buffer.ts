import type { ConversationChange } from './conversation-changes.ts';

/**
 * The changes that wait for one listener: at most one per conversation, the most recently changed last. Its size is bounded
 * by the number of the owner's conversations that changed since the listener last read.
 */
export class ChangeBuffer implements AsyncIterableIterator<ConversationChange> {
  readonly #onEnd: () => void;
  readonly #waiting = new Map<string, ConversationChange>();
  #wake: (() => void) | null = null;
  #ended = false;
  #error: Error | null = null;

  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  push(change: ConversationChange): void {
    if (this.#ended) return;
    const before = this.#waiting.get(change.conversationId);
    this.#waiting.delete(change.conversationId);
    this.#waiting.set(change.conversationId, before ? fold(before, change) : change);
    this.#wake?.();
  }

  /** Takes no more changes. Those that wait are still delivered, then the iterator is done, or throws `error` once. */
  end(error: Error | null = null): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    this.#wake?.();
    this.#onEnd();
  }

  async next(): Promise<IteratorResult<ConversationChange>> {
    while (true) {
      const [first] = this.#waiting.values();
      if (first) {
        this.#waiting.delete(first.conversationId);
        return { value: first, done: false };
      }
      if (this.#ended) {
        const error = this.#error;
        this.#error = null;
        if (error) throw error;
        return { value: undefined, done: true };
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async return(): Promise<IteratorResult<ConversationChange>> {
    this.#waiting.clear();
    this.end();
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** A conversation that was created and then updated is still a created one to a listener that has seen neither. */
function fold(before: ConversationChange, after: ConversationChange): ConversationChange {
  return before.kind === 'CREATED' && after.kind === 'UPDATED' ? before : after;
}
