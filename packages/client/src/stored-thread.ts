import type {
  ConversationStatus,
  FailurePartsFragment,
  LoadConversationQuery,
  MessagePartsFragment,
  TurnCause,
} from './gql/graphql.ts';
import type { ConversationEvent } from './live-state.ts';
import { answersUser } from './turn-cause.ts';

type Loaded = NonNullable<LoadConversationQuery['conversation']>;

/** What is stored of a conversation, as far as its events change it. */
export type StoredThread = Pick<
  Loaded,
  'title' | 'model' | 'pacing' | 'readingWpm' | 'failure' | 'queuedMessages'
> & {
  status: ConversationStatus;
  messages: { nodes: MessagePartsFragment[] };
  activeTurn: { __typename: 'Turn'; turnId: string; cause: TurnCause } | null;
};

/**
 * A thread after one event of its feed: what the server would return. Events that change no stored data (text, typing) return
 * the same object. Pure, and idempotent: messages are identified by their ids.
 */
export function applyToThread<Thread extends StoredThread>(thread: Thread, event: ConversationEvent): Thread {
  switch (event.__typename) {
    case 'MessageAdded':
      return event.message.role === 'USER' && !event.message.acknowledges
        ? { ...withMessage(thread, event.message), status: 'ACTIVE', failure: null }
        : withMessage(thread, event.message);
    case 'TurnStarted': {
      const { turnId, cause } = event;
      const begun: Thread = { ...thread, activeTurn: { __typename: 'Turn', turnId, cause } };
      return cause === 'IDLE_NUDGE' ? begun : withoutFailure(begun);
    }
    case 'TurnCompleted':
      return { ...withMessage(thread, event.message), activeTurn: null };
    case 'TurnInterrupted':
      return { ...withPartial(thread, event.partial), activeTurn: null };
    case 'TurnFailed':
      return { ...withPartial(withFailure(thread, event.failure), event.partial), activeTurn: null };
    case 'ConversationUpdated': {
      const { title, model, pacing, readingWpm } = event;
      return { ...thread, title, model, pacing, readingWpm };
    }
    case 'QueueChanged':
      return { ...thread, queuedMessages: event.queuedMessages };
    case 'ConversationEnded':
      return { ...thread, status: event.endReason === 'ENDED_BY_USER' ? 'CANCELLED' : 'COMPLETED' };
    default:
      return thread;
  }
}

/** Null: the turn ended before its first word, and nothing is stored. */
function withPartial<Thread extends StoredThread>(
  thread: Thread,
  partial: MessagePartsFragment | null,
): Thread {
  return partial ? withMessage(thread, partial) : thread;
}

/** The failure is kept with the message that the turn answers; that of a greeting or a nudge, with the conversation. */
function withFailure<Thread extends StoredThread>(thread: Thread, failure: FailurePartsFragment): Thread {
  const { activeTurn } = thread;
  const cause = activeTurn?.turnId === failure.turnId ? activeTurn.cause : null;
  const question = answersUser(cause) ? questionOf(thread) : undefined;
  return question ? withMessage(thread, { ...question, failure }) : { ...thread, failure };
}

function withoutFailure<Thread extends StoredThread>(thread: Thread): Thread {
  const question = questionOf(thread);
  const cleared = question?.failure ? withMessage(thread, { ...question, failure: null }) : thread;
  return { ...cleared, failure: null };
}

function questionOf(thread: StoredThread): MessagePartsFragment | undefined {
  return thread.messages.nodes.findLast((it) => it.role === 'USER' && !it.acknowledges);
}

/** Replaces the message with the same id, or inserts it by its time, which is the server's order. */
function withMessage<Thread extends StoredThread>(thread: Thread, message: MessagePartsFragment): Thread {
  const { nodes } = thread.messages;
  const known = nodes.findIndex((it) => it.id === message.id);
  const at = Date.parse(message.createdAt);
  const next =
    known >= 0
      ? nodes.with(known, message)
      : nodes.toSpliced(nodes.findLastIndex((it) => Date.parse(it.createdAt) <= at) + 1, 0, message);
  return { ...thread, messages: { ...thread.messages, nodes: next } };
}
