import type { ConversationStore } from './conversation-store.ts';

/** How long published entries may stay in their outboxes, in milliseconds: many are cleared by one statement. */
const CLEAR_AFTER_MS = 250;

/** Clears outboxes of what is published, a while later and many at once. What is left is published again, which does nothing. */
export class OutboxCleaner {
  readonly #store: Pick<ConversationStore, 'clear'>;
  readonly #onFault: (error: unknown) => void;
  #published = new Map<string, number>();
  #timer: NodeJS.Timeout | null = null;
  #clearing: Promise<void> = Promise.resolve();

  constructor(store: Pick<ConversationStore, 'clear'>, onFault: (error: unknown) => void) {
    this.#store = store;
    this.#onFault = onFault;
  }

  /** Everything up to the number is published. */
  add(conversationId: string, published: number): void {
    this.#published.set(conversationId, Math.max(published, this.#published.get(conversationId) ?? 0));
    this.#timer ??= setTimeout(() => this.#flush(), CLEAR_AFTER_MS);
  }

  /** Clears what is left, and no more after that. */
  async stop(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#flush();
    await this.#clearing;
  }

  #flush(): void {
    this.#timer = null;
    const published = this.#published;
    this.#published = new Map();
    if (published.size === 0) return;
    this.#clearing = this.#clearing.then(() => this.#store.clear(published).catch(this.#onFault));
  }
}
