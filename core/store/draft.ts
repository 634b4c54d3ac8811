import type { Conversation as ConversationRow, Message } from '../../generated/prisma/client.ts';
import { idAfter } from '../domain/ids.ts';
import type { InterruptionReason, ModelErrorCode, TurnCause } from '../domain/vocabulary.ts';
import { newestIdOf } from './newest-id.ts';
import type { Hidden, NamedMessages, NewEntry, OutboxEntry, Seen, TurnPlace } from './outbox.ts';
import type { TurnRest } from './turn-rest.ts';

/** A conversation as one read returns it: the row, the messages that its outbox names, and the database's time. */
export interface Snapshot {
  row: ConversationRow;
  messages: NamedMessages;
  /** Unix milliseconds by the database's clock. */
  now: number;
}

export type { ConversationRow };

/** A change of one message, identified by its `id` or by the turn that answers it. */
export type MessageChange = ({ id: string } | { answeredBy: string }) & {
  turnId?: string;
  failure?: { turnId: string; code: ModelErrorCode; retryable: boolean } | null;
  /** Must be longer than the stored content. */
  content?: string;
  /** Puts a hidden message on the visible branch. */
  isShown?: true;
};

/** What one commit changes, decided on one version of the row. */
export interface Change {
  row: ConversationRow;
  insert: readonly Message[];
  update: readonly MessageChange[];
  /** Takes all visible messages after this one off the visible branch; `after` null: all. Null: none. */
  hide: { after: string | null } | null;
  regeneration: { clientRequestId: string; turnId: string } | null;
  /** Stored with the pending turn. A change after which that is not pending deletes its rest. */
  rest: TurnRest | null;
}

/** How many turns a row remembers that were cut to what a caller had seen, or hidden: more than speakers that do not know it yet. */
const REMEMBERED_CUTS = 8;

/** A change under construction. */
export class Draft implements Change {
  row: ConversationRow;
  readonly insert: Message[] = [];
  readonly update: MessageChange[] = [];
  hide: Change['hide'] = null;
  regeneration: Change['regeneration'] = null;
  rest: TurnRest | null = null;
  readonly now: number;

  constructor({ row, now }: Pick<Snapshot, 'row' | 'now'>) {
    this.row = row;
    this.now = now;
  }

  /** Changes columns. */
  set(columns: Partial<ConversationRow>): void {
    this.row = { ...this.row, ...columns };
  }

  /** Appends an entry to the outbox. */
  publish(entry: NewEntry): void {
    const n = this.row.outboxCount + 1;
    this.set({ outboxCount: n, outbox: [...this.row.outbox, { ...entry, n } as OutboxEntry] });
  }

  /** Replaces the entry that has the same number. */
  fill(place: TurnPlace): void {
    this.set({ outbox: this.row.outbox.map((entry) => (entry.n === place.n ? place : entry)) });
  }

  /**
   * Cuts off the pending turn. Its placeholder in the outbox precedes the entry that cuts it off. `seen` of another turn has
   * no effect. `hidden`: where it is if another branch becomes visible.
   */
  cut(reason: InterruptionReason, seen: Seen | null = null, hidden: Hidden | null = null): void {
    const { pendingTurnId: id, recentlySeen } = this.row;
    if (id === null) return;
    const offset = seen?.turnId === id ? seen.offset : null;
    const place = hidden && { hidden };
    this.publish({ type: 'TurnEnded', id, reason, seen: offset, ...place, ending: null });
    this.set(NOT_PENDING);
    if (offset === null && !hidden) return;
    const cut = { turnId: id, offset, ...place };
    this.set({ recentlySeen: [...recentlySeen, cut].slice(-REMEMBERED_CUTS) });
  }

  /** The version of the row that this change makes. */
  get version(): number {
    return this.row.version + 1;
  }

  /** An id after all of the conversation's messages and turns. */
  nextId(): string {
    return idAfter(newestIdOf(this.row), this.now);
  }

  /** Makes a turn pending. */
  await(turnId: string, cause: TurnCause, model: string | null = null): void {
    this.set({
      lastTurnId: turnId,
      pendingTurnId: turnId,
      pendingTurnCause: cause,
      pendingTurnModel: model,
    });
  }
}

/** The stored state after a change, with the messages that the outbox names. */
export function applied(
  { messages, now }: Snapshot,
  { insert, update }: Change,
  row: ConversationRow,
): Snapshot {
  const named = new Map(messages);
  for (const message of insert) named.set(message.id, message);
  for (const change of update) {
    const known = 'id' in change ? named.get(change.id) : undefined;
    if (known && change.content) named.set(known.id, { ...known, content: change.content });
  }
  return { row, messages: named, now };
}

/** Columns of a conversation without a pending turn. */
export const NOT_PENDING = { pendingTurnId: null, pendingTurnCause: null, pendingTurnModel: null };
/** Columns of a conversation or a message without a failed answer: set when a new attempt becomes pending. */
export const NO_FAILURE = { failedTurnId: null, failureCode: null, failureRetryable: null };
