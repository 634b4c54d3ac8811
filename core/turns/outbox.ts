import type { Message } from '../../generated/prisma/client.ts';
import type {
  EndReason,
  InterruptionReason,
  MessageRole,
  MessageStatus,
  ModelErrorCode,
  Pacing,
  TokenUsage,
} from '../domain/vocabulary.ts';
import type { FeedEventBody, TerminalEventBody } from '../live/feed/events.ts';
import type { FeedEntry } from '../live/feed/feed.ts';

/** How a turn ended, as its place keeps it. What was heard of it is the message of its id, if it is stored. */
export type Ending =
  | { how: 'completed'; model: string; usage: TokenUsage | null; isTruncated: boolean }
  | { how: 'interrupted'; model: string; reason: InterruptionReason; tokens: number }
  | { how: 'failed'; model: string; code: ModelErrorCode; retryable: boolean }
  /** It was cut off before it began. Where nothing newer tells its listeners, they hear its start and its end. */
  | { how: 'never-began'; model: string; reason: InterruptionReason; cause: string };

/**
 * What is to be published of a conversation, in the order in which it became true. `n` counts them, from 1. A turn that is cut
 * off has its place before what cuts it off, with `ending` null until what was heard of it is stored.
 */
export type OutboxEntry = { n: number } & (
  | { type: 'MessageAdded'; id: string }
  | { type: 'TurnEnded'; id: string; reason: InterruptionReason; seen: number | null; ending: Ending | null }
  | { type: 'ConversationUpdated'; title: string | null; model: string; pacing: Pacing }
  | { type: 'ConversationEnded'; reason: EndReason }
  | { type: 'FeedReset' }
);

type Unnumbered<T> = T extends unknown ? Omit<T, 'n'> : never;
/** An entry before it is counted. */
export type NewEntry = Unnumbered<OutboxEntry>;

export type TurnPlace = Extract<OutboxEntry, { type: 'TurnEnded' }>;

/** The messages that entries name, by id. */
export type NamedMessages = ReadonlyMap<string, Message>;

/** Up to which place of an outbox everything is published: what is cleared of it. */
export function publishedUpTo({
  outbox,
  outboxCount,
}: {
  outbox: readonly OutboxEntry[];
  outboxCount: number;
}): number {
  return outbox[0] ? outbox[0].n - 1 : outboxCount;
}

/** The entry as the feed publishes it. */
export function published(entry: OutboxEntry, messages: NamedMessages): FeedEntry {
  const { n } = entry;
  if (entry.type === 'FeedReset') return { n, events: [], resets: true };
  if (entry.type === 'TurnEnded') return turnEnded(entry, messages);
  return { n, events: eventOf(entry, messages) };
}

function eventOf(
  entry: Exclude<OutboxEntry, { type: 'TurnEnded' | 'FeedReset' }>,
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
  // A newer message's turn says by its start that one which never began is over.
  const isQuiet = ending.how === 'never-began' && ending.reason === 'USER_MESSAGE';
  return { n, ends: id, events, ...(isQuiet && { isQuiet }) };
}

/** The events of a turn's end. */
function endingEvents(turnId: string, ending: Ending, text: string): FeedEventBody[] {
  const { model } = ending;
  if (ending.how === 'never-began') {
    const { reason, cause } = ending;
    return [
      { type: 'TurnStarted', turnId, cause: cause as never, model },
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
  return {
    type: 'MessageAdded',
    message: {
      id,
      role: role as MessageRole,
      content,
      status: status as MessageStatus,
      model,
      clientMessageId,
      createdAt: createdAt.getTime(),
    },
  };
}
