import type { Owner } from '../domain/owner.ts';
import type { Change, ConversationRow, Snapshot } from './draft.ts';
import type { TurnRest } from './turn-rest.ts';

/** Outcome of a creation. `existed`: the owner had already created a conversation with this id; `row` is that one. */
export type Created = { outcome: 'created' | 'existed'; row: ConversationRow } | { outcome: 'late' };

/** Outcome of a commit attempt. `conflict`: another commit came first. `late`: past its deadline. `now`: the database's clock. */
export type Committed =
  | { outcome: 'committed'; row: ConversationRow; now: number }
  | { outcome: 'conflict' | 'late' };

/**
 * The engine's store of conversations: reads, and commits of one statement each. Errors of the database's driver are thrown
 * unchanged: see `isDatabaseUnavailable`.
 */
export interface ConversationStore {
  /** `also`: ids of messages to read besides those that the outbox names. Null: no such conversation. */
  read(conversationId: string, also?: readonly string[]): Promise<Snapshot | null>;
  /**
   * Stores a change that was decided on `from`, if that row is still the newest and the database's clock has not reached
   * `deadline`, in Unix milliseconds. `id` identifies the commit in the row.
   */
  commit(from: ConversationRow, change: Change, id: string, deadline: number): Promise<Committed>;
  /** Creates a conversation, unless its owner has one with the same `clientConversationId`, or the deadline has passed. */
  create(conversation: Change & { clientConversationId: string | null }, deadline: number): Promise<Created>;
  /** Deletes a conversation with its messages. The measurements of its inferences stay, without any of its text. */
  delete(conversationId: string, owner: Owner, deadline: number): Promise<'deleted' | 'absent' | 'late'>;
  /**
   * The clock of the database at which no change of the conversation was under way, in Unix milliseconds: what began to be
   * stored before is stored, or never will be. Null: one is under way. Does not wait for it.
   */
  settledAt(conversationId: string): Promise<number | null>;
  /** The conversations of one owner: another's does not exist there. */
  as(owner: Owner): Pick<ConversationStore, 'read' | 'commit'>;
  /** Removes the record of a deletion once its subscriptions are completed. Idempotent. */
  removeDeletion(conversationId: string): Promise<void>;
  /** Unix milliseconds by the database's clock. */
  now(): Promise<number>;
  /** What is stored of the rest of a turn that is pending; null: nothing, or it is not pending. */
  restOf(conversationId: string, turnId: string): Promise<TurnRest | null>;
  /** Deletes the rest of a turn. Idempotent. */
  removeRest(conversationId: string, turnId: string): Promise<void>;
  /** Removes published entries from the outboxes. `published`: per conversation, the number of the last published entry. */
  clear(published: ReadonlyMap<string, number>): Promise<void>;
  /**
   * Ids of conversations whose outbox has had entries, or whose deletion has been recorded, for longer than `olderThanMs` by
   * the database's clock: no process is publishing them; and of those with messages that wait though no turn is pending, which
   * a process of an earlier release leaves behind. Oldest first, at most `limit` of each kind.
   */
  unpublished(olderThanMs: number, limit: number): Promise<string[]>;
}
