import type { Cache } from '@urql/exchange-graphcache';
import {
  type ConversationEventsSubscription,
  type FailurePartsFragment,
  type MessagePartsFragment,
  ThreadDocument,
  type ThreadQuery,
} from '../gql/graphql.ts';
import { answersUser } from '../live/turn-cause.ts';

type ConversationEvent = ConversationEventsSubscription['conversationEvents'];
type CachedThread = NonNullable<ThreadQuery['conversation']>;

/**
 * Applies one event of its feed to a cached thread, so that it is what the server would return. Events that change no stored
 * data (text, typing) leave it as it is. Idempotent: messages are identified by their ids. A thread that is not cached is
 * ignored.
 */
export function applyToThread(cache: Cache, conversationId: string, event: ConversationEvent): void {
  cache.updateQuery({ query: ThreadDocument, variables: { id: conversationId } }, (data) => {
    if (!data?.conversation) return data;
    const conversation = applyEvent(data.conversation, event);
    return conversation === data.conversation ? data : { ...data, conversation };
  });
}

/** The pure part of {@link applyToThread}. */
function applyEvent(thread: CachedThread, event: ConversationEvent): CachedThread {
  switch (event.__typename) {
    case 'MessageAdded':
      return event.message.role === 'USER'
        ? { ...withMessage(thread, event.message), status: 'ACTIVE', failure: null }
        : withMessage(thread, event.message);
    case 'TurnStarted': {
      const { turnId, cause } = event;
      const begun: CachedThread = { ...thread, activeTurn: { __typename: 'Turn', turnId, cause } };
      return cause === 'IDLE_NUDGE' ? begun : withoutFailure(begun);
    }
    case 'TurnCompleted':
      return { ...withMessage(thread, event.message), activeTurn: null };
    case 'TurnInterrupted':
      return { ...withPartial(thread, event.partial), activeTurn: null };
    case 'TurnFailed':
      return { ...withPartial(withFailure(thread, event.failure), event.partial), activeTurn: null };
    case 'ConversationUpdated': {
      const { title, model, pacing } = event;
      return { ...thread, title, model, pacing };
    }
    case 'ConversationEnded':
      return { ...thread, status: event.endReason === 'ENDED_BY_USER' ? 'CANCELLED' : 'COMPLETED' };
    default:
      return thread;
  }
}

/** Null: the turn ended before its first word, and nothing is stored. */
function withPartial(thread: CachedThread, partial: MessagePartsFragment | null): CachedThread {
  return partial ? withMessage(thread, partial) : thread;
}

/** The failure is kept with the message that the turn answers; that of a greeting or a nudge, with the conversation. */
function withFailure(thread: CachedThread, failure: FailurePartsFragment): CachedThread {
  const { activeTurn } = thread;
  const cause = activeTurn?.turnId === failure.turnId ? activeTurn.cause : null;
  const question = answersUser(cause) ? questionOf(thread) : undefined;
  return question ? withMessage(thread, { ...question, failure }) : { ...thread, failure };
}

function withoutFailure(thread: CachedThread): CachedThread {
  const question = questionOf(thread);
  const cleared = question?.failure ? withMessage(thread, { ...question, failure: null }) : thread;
  return { ...cleared, failure: null };
}

function questionOf(thread: CachedThread): MessagePartsFragment | undefined {
  return thread.messages.nodes.findLast((it) => it.role === 'USER');
}

/** Replaces the message with the same id, or inserts it by its time, which is the server's order. */
function withMessage(thread: CachedThread, message: MessagePartsFragment): CachedThread {
  const { nodes } = thread.messages;
  const known = nodes.findIndex((it) => it.id === message.id);
  const at = Date.parse(message.createdAt);
  const next =
    known >= 0
      ? nodes.with(known, message)
      : nodes.toSpliced(nodes.findLastIndex((it) => Date.parse(it.createdAt) <= at) + 1, 0, message);
  return { ...thread, messages: { ...thread.messages, nodes: next } };
}
