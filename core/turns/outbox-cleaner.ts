import type { ConversationStore } from '../store/conversation-store.ts';

/** How long published entries stay in their outboxes, in milliseconds, so that one statement clears many. */
const CLEAR_AFTER_MS = 250;

/** Clears published entries from outboxes in batches. Publishing an entry again is idempotent, so one that stays is harmless. */
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

  /** `published`: number of the last published entry. */
  add(conversationId: string, published: number): void {
    this.#published.set(conversationId, Math.max(published, this.#published.get(conversationId) ?? 0));
    this.#timer ??= setTimeout(() => this.#flush(), CLEAR_AFTER_MS);
  }

  /** Clears what is left and waits for it. */
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
