import type { Exchange } from '@urql/core';
import { type Cache, cacheExchange, type DataFields } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import { addToList, dropLaterPages, ListOrder, removeFromList } from '../conversations/list-cache.ts';
import type {
  ConversationChangesSubscription,
  ConversationEventsSubscription,
  ConversationItemFragment,
  CreateConversationMutation,
  DeleteConversationMutation,
} from '../gql/graphql.ts';
import { applyToCachedThread } from '../thread/thread-cache.ts';

/**
 * The normalised cache. Entities are ApiToken, Conversation, InferenceLog, Message, Model and Viewer, by id; a conversation's edge in
 * the list is keyed by its conversation, so that it can be moved and removed; all other types are embedded in their parents.
 */
export function createCacheExchange(): Exchange {
  const order = new ListOrder();
  return cacheExchange({
    keys: {
      ConversationEdge: edgeKey,
      ...Object.fromEntries(EMBEDDED.map((typename) => [typename, () => null])),
    },
    possibleTypes: { UserError: ERRORS },
    logger: reportWarning,
    resolvers: { Query: { conversations: relayPagination() } },
    updates: {
      Query: {
        conversations(_result: unknown, args: { after?: unknown }, cache: Cache) {
          if (!args.after) dropLaterPages(cache);
        },
      },
      Conversation: {
        messageCount(
          conversation: Pick<ConversationItemFragment, 'id' | 'messageCount'>,
          _args: unknown,
          cache: Cache,
        ) {
          order.written(cache, conversation.id, conversation.messageCount);
        },
      },
      Mutation: {
        createConversation(result: CreateConversationMutation, _args: unknown, cache: Cache) {
          const created = result.createConversation;
          if (created.__typename === 'CreateConversationSuccess') addToList(cache, created.conversation);
        },
        deleteConversation(result: DeleteConversationMutation, _args: unknown, cache: Cache) {
          const deleted = result.deleteConversation;
          if (deleted.__typename === 'DeleteConversationSuccess') removeFromList(cache, deleted.deletedId);
        },
      },
      Subscription: {
        conversationEvents(
          result: ConversationEventsSubscription,
          args: { conversationId?: unknown },
          cache: Cache,
        ) {
          applyToCachedThread(cache, String(args.conversationId), result.conversationEvents);
        },
        conversationChanges(result: ConversationChangesSubscription, _args: unknown, cache: Cache) {
          const change = result.conversationChanges;
          if (change.kind === 'DELETED') removeFromList(cache, change.conversationId);
          else if (change.kind === 'CREATED' && change.conversation) addToList(cache, change.conversation);
        },
      },
    },
  });
}

const ERRORS = [
  'BudgetExceededError',
  'BusyError',
  'ForbiddenError',
  'InvalidInputError',
  'NotFoundError',
  'RateLimitedError',
  'UnavailableError',
];

const EMBEDDED = [
  ...ERRORS,
  'FieldError',
  'PageInfo',
  'QueuedMessage',
  'MessageBranch',
  'Turn',
  'TurnPosition',
  'TurnFailure',
  'ModelFallback',
  'ConversationConnection',
  'MessageConnection',
  'ConversationChange',
  'InferenceLogConnection',
  'InferenceStats',
  'InferenceErrorCount',
];

/**
 * Only called in development. One warning is ignored: for a union, graphcache writes the fields of every member, and misses
 * those that the current one does not have. Any other warning is a mistake in this file or in a document.
 */
function reportWarning(severity: string, message: string): void {
  if (severity === 'debug' || message.startsWith('Invalid undefined')) return;
  queueMicrotask(() => {
    throw new Error(message);
  });
}

function edgeKey(edge: DataFields): string | null {
  const node = edge.node;
  return typeof node === 'object' && node !== null && 'id' in node && typeof node.id === 'string'
    ? node.id
    : null;
}
