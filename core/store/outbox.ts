import type { Conversation, Message } from '../../generated/prisma/client.ts';
import type {
  EndReason,
  InterruptionReason,
  ModelErrorCode,
  TokenUsage,
  TurnCause,
} from '../domain/vocabulary.ts';
import type { FeedEventBody, TerminalEventBody } from '../live/feed/events.ts';
import type { FeedEntry } from '../live/feed/feed.ts';

/** What is known of every turn that began. `durationMs`: from when it was accepted; unset while it is not stored. */
interface Spoken {
  model: string;
  durationMs?: number;
}

/** How a turn ended, as its outbox entry stores it. What was heard of it is the message with the turn's id, if there is one. */
export type Ending =
  | ({ how: 'completed'; usage: TokenUsage | null; isTruncated: boolean } & Spoken)
  | ({ how: 'interrupted'; reason: InterruptionReason; tokens: number } & Spoken)
  | ({ how: 'failed'; code: ModelErrorCode; retryable: boolean } & Spoken)
  /** Cut off before it began. Its start and its end are published together, unless the start of a newer turn implies them. */
  | { how: 'never-began'; model: string; reason: InterruptionReason; cause: TurnCause };

/**
 * An entry of a conversation's transactional outbox, in commit order. `n` numbers the entries from 1. A turn that is cut off
 * has a placeholder before the entry that cuts it off: `ending` is null until what was heard of the turn is stored. `seen`:
 * the length to which its text is then cut, as the caller who cut it off had no more of it on the screen; null: it is kept.
 * `hidden`: set when the entry that cuts it off shows another branch.
 */
export type OutboxEntry = { n: number } & (
  | { type: 'MessageAdded'; id: string }
  | {
      type: 'TurnEnded';
      id: string;
      reason: InterruptionReason;
      seen: number | null;
      hidden?: Hidden;
      ending: Ending | null;
    }
  | Extract<FeedEventBody, { type: 'ConversationUpdated' }>
  | { type: 'ConversationEnded'; reason: EndReason }
  | Extract<FeedEventBody, { type: 'BranchSelected' }>
  /** What waits has changed: it is published as it is in the row. */
  | { type: 'QueueChanged' }
  | { type: 'FeedReset' }
);

/** How much of a turn's text a caller had on the screen: its length in UTF-16 code units. */
export interface Seen {
  turnId: string;
  offset: number;
}

/**
 * The place of a message that is not on the visible branch: the one that it follows, or the conversation's id if it is a first
 * one, and since which version of the row.
 */
export interface Hidden {
  parentId: string;
  since: number;
}

/** A turn that was cut off: what the caller had seen of it, null: all, and where it is if another branch replaced it. */
export interface CutTurn {
  turnId: string;
  offset: number | null;
  hidden?: Hidden;
}

type Unnumbered<T> = T extends unknown ? Omit<T, 'n'> : never;
/** An entry before it is numbered. */
export type NewEntry = Unnumbered<OutboxEntry>;

export type TurnPlace = Extract<OutboxEntry, { type: 'TurnEnded' }>;

/** The messages that entries name, by id. */
export type NamedMessages = ReadonlyMap<string, Message>;

/** Number of the last published entry of an outbox: published entries are removed, so it is the one before the first. */
export function publishedUpTo({
  outbox,
  outboxCount,
}: {
  outbox: readonly OutboxEntry[];
  outboxCount: number;
}): number {
  return outbox[0] ? outbox[0].n - 1 : outboxCount;
}

/** The outbox as the feed publishes it. */
export function published(
  { outbox, queued }: Pick<Conversation, 'outbox' | 'queued'>,
  messages: NamedMessages,
): FeedEntry[] {
  const newestQueue = outbox.findLast(({ type }) => type === 'QueueChanged');
  return outbox.map((entry): FeedEntry => {
    const { n } = entry;
    if (entry.type === 'FeedReset') return { n, events: [], resets: true };
    if (entry.type === 'TurnEnded') return turnEnded(entry, messages);
    // Earlier ones say what is no longer so.
    if (entry.type === 'QueueChanged')
      return { n, events: entry === newestQueue ? [{ type: 'QueueChanged', queued }] : [] };
    return { n, events: eventOf(entry, messages) };
  });
}

function eventOf(
  entry: Exclude<OutboxEntry, { type: 'TurnEnded' | 'FeedReset' | 'QueueChanged' }>,
  messages: NamedMessages,
): FeedEventBody[] {
  const { n: _n, ...body } = entry;
  if (body.type !== 'MessageAdded') return [body];
  const message = messages.get(body.id);
  // Deleted since, with its conversation.
  return message ? [messageAdded(message)] : [];
}

function turnEnded({ n, id, ending }: TurnPlace, messages: NamedMessages): FeedEntry {
  if (ending === null) return { n, events: null };
  const events = endingEvents(id, ending, messages.get(id)?.content ?? '');
  // The start of the newer message's turn implies that the older one is over.
  const isQuiet = ending.how === 'never-began' && ending.reason === 'USER_MESSAGE';
  return { n, ends: id, events, ...(isQuiet && { isQuiet }) };
}

function endingEvents(turnId: string, ending: Ending, text: string): FeedEventBody[] {
  const { model } = ending;
  if (ending.how === 'never-began') {
    const { reason, cause } = ending;
    return [
      { type: 'TurnStarted', turnId, cause, model },
      { type: 'TurnInterrupted', turnId, model, text: '', tokens: 0, reason },
    ];
  }
  return [terminalEvent(turnId, ending, text)];
}

export function terminalEvent(
  turnId: string,
  ending: Exclude<Ending, { how: 'never-began' }>,
  text: string,
): TerminalEventBody {
  const { how, model, ...rest } = ending;
  const about = { turnId, model, text };
  if (how === 'completed') return { type: 'TurnCompleted', ...about, ...(rest as Of<'completed'>) };
  if (how === 'failed') return { type: 'TurnFailed', ...about, ...(rest as Of<'failed'>) };
  return { type: 'TurnInterrupted', ...about, ...(rest as Of<'interrupted'>) };
}

type Of<How> = Omit<Extract<Ending, { how: How }>, 'how' | 'model'>;

function messageAdded(message: Message): FeedEventBody {
  const { id, role, content, status, model, clientMessageId, createdAt } = message;
  const { acknowledgedTurnId: turnId, acknowledgedOffset: offset } = message;
  const acknowledges = turnId !== null && offset !== null && { acknowledges: { turnId, offset } };
  return {
    type: 'MessageAdded',
    message: {
      ...{ id, role, content, status, model, clientMessageId, createdAt: createdAt.getTime() },
      ...acknowledges,
    },
  };
}
