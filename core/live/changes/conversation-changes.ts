export const CHANGE_KINDS = ['CREATED', 'UPDATED', 'ENDED', 'DELETED'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

export interface ConversationChange {
  kind: ChangeKind;
  conversationId: string;
}

/**
 * Tells an owner's listeners that their list of conversations has changed. A nudge to read, not a log: nothing is
 * retained, changes of one conversation that wait for a slow listener are folded into the newest, and a listener
 * that was away reads the list again.
 */
export interface ConversationChanges {
  publish(owner: string, change: ConversationChange): Promise<void>;
  /** Ends at once when `signal` aborts, also while it waits. */
  subscribe(owner: string, signal?: AbortSignal): AsyncIterableIterator<ConversationChange>;
  /** Ends every subscription; idempotent. */
  stop(): Promise<void>;
}
