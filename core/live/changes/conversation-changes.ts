import type { Owner } from '../../domain/owner.ts';

export const CHANGE_KINDS = ['CREATED', 'UPDATED', 'ENDED', 'DELETED'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

export interface ConversationChange {
  kind: ChangeKind;
  conversationId: string;
}

/**
 * Publishes to an owner's listeners that their list of conversations has changed. A hint to read the list, not a log: nothing
 * is retained, changes of one conversation that wait for a slow listener are folded into the newest, and a listener that was
 * disconnected reads the list again.
 */
export interface ConversationChanges {
  publish(owner: Owner, change: ConversationChange): Promise<void>;
  /** Ends at once when it is returned, even while it waits. */
  subscribe(owner: Owner): AsyncIterableIterator<ConversationChange>;
  /** Ends every subscription. Idempotent. */
  stop(): Promise<void>;
}
