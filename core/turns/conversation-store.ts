import type { Change, ConversationRow, Snapshot } from './draft.ts';

/** What became of a new conversation: `row` is the one that its creator made before, where there is one. */
export type Created = { outcome: 'created' | 'existed'; row: ConversationRow } | { outcome: 'late' };

/** How a commit went that was tried once, `now` by the database's clock. `conflict`: another one came first. `late`: its deadline had passed. */
export type Committed =
  | { outcome: 'committed'; row: ConversationRow; now: number }
  | { outcome: 'conflict' | 'late' };

/**
 * The stored half of conversations, as the engine needs it: looks, and commits that are one statement each. What the
 * database's driver throws when it cannot be reached comes out as it is: see `isDatabaseUnavailable`.
 */
export interface ConversationStore {
  /** `also`: ids of messages to look at beside those that the outbox names. Null: there is none. */
  read(conversationId: string, also?: readonly string[]): Promise<Snapshot | null>;
  /**
   * Stores a change that was decided on a row, if that is still the newest and the database's clock has not reached
   * `deadline`, in Unix milliseconds. `id` names the commit in the row.
   */
  commit(from: ConversationRow, change: Change, id: string, deadline: number): Promise<Committed>;
  /** Creates a conversation, unless its creator has one of the same `clientConversationId`, or the deadline has passed. */
  create(conversation: Change & { clientConversationId: string | null }, deadline: number): Promise<Created>;
  /** Deletes a conversation with its messages. What was measured of its inferences stays, without any of its words. */
  delete(conversationId: string, owner: string, deadline: number): Promise<'deleted' | 'absent' | 'late'>;
  /** Removes the record of a deletion, once its listeners' subscriptions are complete. Idempotent. */
  removeDeletion(conversationId: string): Promise<void>;
  /** Unix milliseconds by the database's clock. */
  now(): Promise<number>;
  /** Lets go of what is published of the outboxes: of each conversation the entries up to a number. */
  clear(published: ReadonlyMap<string, number>): Promise<void>;
  /**
   * Ids of conversations whose outbox has had entries, or whose deletion was recorded, for longer than so many milliseconds
   * by the database's clock: no process is publishing them. Oldest first, at most `limit` of each kind.
   */
  unpublished(olderThanMs: number, limit: number): Promise<string[]>;
}
