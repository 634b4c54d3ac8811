import type { Cache } from '@urql/exchange-graphcache';
import {
  type ConversationEventsSubscription,
  type MessagePartsFragment,
  ThreadDocument,
  type ThreadQuery,
} from '../gql/graphql.ts';

type ConversationEvent = ConversationEventsSubscription['conversationEvents'];
type CachedThread = NonNullable<ThreadQuery['conversation']>;

/**
 * Brings a cached thread up to date with one event of its feed. Events that change nothing stored (tokens, typing) leave it as
 * it is, and so does an event that was applied before: messages are told apart by id. No-op for a thread that is not cached.
 */
export function applyToThread(cache: Cache, conversationId: string, event: ConversationEvent): void {
  cache.updateQuery({ query: ThreadDocument, variables: { id: conversationId } }, (data) => {
    if (!data?.conversation) return data;
    const conversation = applyEvent(data.conversation, event);
    return conversation === data.conversation ? data : { ...data, conversation };
  });
}

/** The pure part of {@link applyToThread}. */
export function applyEvent(thread: CachedThread, event: ConversationEvent): CachedThread {
  switch (event.__typename) {
    case 'MessageAdded':
      return {
        ...withMessage(thread, event.message),
        status: event.message.role === 'USER' ? 'ACTIVE' : thread.status,
      };
    case 'AiDone':
      return withMessage(thread, event.message);
    case 'AiInterrupted':
      // Cut off before its first word: there is nothing to show.
      return event.message.content === '' ? thread : withMessage(thread, event.message);
    case 'TitleUpdated':
      return { ...thread, title: event.title };
    case 'ModelSelected':
      return { ...thread, model: event.model };
    case 'ConversationEnded':
      return { ...thread, status: event.endReason === 'CANCELLED' ? 'CANCELLED' : 'COMPLETED' };
    default:
      return thread;
  }
}

function withMessage(thread: CachedThread, message: MessagePartsFragment): CachedThread {
  const { edges } = thread.messages;
  const known = edges.some((edge) => edge.node.id === message.id);
  return {
    ...thread,
    messages: {
      ...thread.messages,
      edges: known
        ? edges.map((edge) => (edge.node.id === message.id ? { ...edge, node: message } : edge))
        : [...edges, { __typename: 'MessageEdge', cursor: '', node: message }],
    },
  };
}
