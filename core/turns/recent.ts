import type { Snapshot } from './draft.ts';
import type { NamedMessages } from './outbox.ts';

/** Conversations whose row is remembered. */
const MOST = 2_000;
/** For how long, in milliseconds: longer than that, others have mostly been at it. */
const FOR_MS = 30_000;
const NONE: NamedMessages = new Map();

/**
 * Conversations as this process left them while a turn is pending, so that who cuts that off needs no look: a commit on a row
 * that is not the newest any more does nothing.
 */
export class RecentRows {
  readonly #rows = new Map<string, { row: Snapshot['row']; ahead: number; since: number }>();

  /** `ahead`: the database's clock less this process's steady one, in milliseconds. */
  keep({ row }: Pick<Snapshot, 'row'>, ahead: number): void {
    this.#rows.delete(row.id);
    if (row.pendingTurnId === null) return;
    const [oldest] = this.#rows.keys();
    if (oldest !== undefined && this.#rows.size >= MOST) this.#rows.delete(oldest);
    this.#rows.set(row.id, { row, ahead, since: performance.now() });
  }

  /** Takes it out; null where it is not known. */
  take(conversationId: string): Snapshot | null {
    const known = this.#rows.get(conversationId);
    if (!known) return null;
    this.#rows.delete(conversationId);
    const now = performance.now();
    if (now - known.since > FOR_MS) return null;
    return { row: known.row, messages: NONE, now: Math.floor(now + known.ahead) };
  }
}
