import type { Conversation as ConversationRow, Message } from '../../generated/prisma/client.ts';
import type { InterruptionReason, ModelErrorCode, TurnCause } from '../domain/vocabulary.ts';
import type { NamedMessages, NewEntry, OutboxEntry, TurnPlace } from './outbox.ts';

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
};

/** What one commit changes, decided on one version of the row. */
export interface Change {
  row: ConversationRow;
  insert: readonly Message[];
  update: readonly MessageChange[];
  regeneration: { clientRequestId: string; turnId: string } | null;
}

/** A change under construction. */
export class Draft implements Change {
  row: ConversationRow;
  readonly insert: Message[] = [];
  readonly update: MessageChange[] = [];
  regeneration: Change['regeneration'] = null;
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

  /** Cuts off the pending turn. Its placeholder in the outbox precedes the entry that cuts it off. */
  cut(reason: InterruptionReason, seen: number | null = null): void {
    const { pendingTurnId: id } = this.row;
    if (id === null) return;
    this.publish({ type: 'TurnEnded', id, reason, seen, ending: null });
    this.set(NOT_PENDING);
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
