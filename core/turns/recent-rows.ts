import type { Snapshot } from '../store/draft.ts';
import type { NamedMessages } from '../store/outbox.ts';

/** Maximum number of cached rows. */
const MAX_ROWS = 2_000;
/**
 * How long a row is cached, in milliseconds: an older one has mostly been changed by another process. It leaves the memory at
 * most as much later.
 */
const MAX_AGE_MS = 30_000;
const NONE: NamedMessages = new Map();

/**
 * A cache of conversations with a pending turn, as this process left them, so that a call that cuts the turn off needs no
 * read. A stale row is harmless: a commit on a row that is no longer the newest has no effect.
 */
export class RecentRows {
  /** In the order in which they were kept. */
  readonly #rows = new Map<string, { row: Snapshot['row']; ahead: number; since: number }>();
  #expiry: NodeJS.Timeout | undefined;

  /** `ahead`: the database's clock minus this process's monotonic clock, in milliseconds. */
  keep({ row }: Pick<Snapshot, 'row'>, ahead: number): void {
    this.#rows.delete(row.id);
    if (row.pendingTurnId === null) return;
    const [oldest] = this.#rows.keys();
    if (oldest !== undefined && this.#rows.size >= MAX_ROWS) this.#rows.delete(oldest);
    this.#rows.set(row.id, { row, ahead, since: performance.now() });
    this.#awaitExpiry();
  }

  /** Removes and returns the row; null: not cached. */
  take(conversationId: string): Snapshot | null {
    const known = this.#rows.get(conversationId);
    if (!known) return null;
    this.#rows.delete(conversationId);
    const now = performance.now();
    if (now - known.since > MAX_AGE_MS) return null;
    return { row: known.row, messages: NONE, now: Math.floor(now + known.ahead) };
  }

  #awaitExpiry(): void {
    if (this.#expiry || this.#rows.size === 0) return;
    this.#expiry = setTimeout(() => this.#expire(), MAX_AGE_MS);
    this.#expiry.unref();
  }

  #expire(): void {
    this.#expiry = undefined;
    const now = performance.now();
    for (const [id, { since }] of this.#rows) {
      if (now - since < MAX_AGE_MS) break;
      this.#rows.delete(id);
    }
    this.#awaitExpiry();
  }
}
