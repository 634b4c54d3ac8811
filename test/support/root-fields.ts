import type { ApiScope } from '../../core/domain/vocabulary.ts';

/** What an operation names: things of a caller, or things that do not exist. */
export interface Things {
  conversation: string;
  message: string;
  inferenceLog: string;
  apiToken: string;
}

export interface Try {
  /** An operation that selects the field. Its variables are {@link Things}. */
  query: string;
  /** The scope that an API token needs; null: any token may; `session`: none may. */
  scope: ApiScope | 'session' | null;
  /** The roles that may; all unless given. */
  roles?: readonly string[];
  /** How a caller of another role or without the scope is answered; FORBIDDEN unless given. */
  refusal?: 'null';
}

const READERS = ['ADMIN', 'OPERATOR'];
const WRITERS = ['SERVICE', 'ADMIN', 'OPERATOR'];
export const ERROR = '__typename ... on UserError { message }';
const on = (input: string, more = '') => `(input: { ${input} }) { ${ERROR} ${more} }`;
const OF_CONVERSATION = 'mutation ($conversation: ID!)';

/** One for each root field: a field that is missing here fails the test. */
export const TRIES: Record<string, Try> = {
  'Query.viewer': { query: '{ viewer { id } }', scope: null },
  'Query.models': { query: '{ models { id } }', scope: null },
  'Query._service': { query: '{ _service { sdl } }', scope: null },
  'Query.node': {
    query: `query ($conversation: ID!, $message: ID!) {
      conversation: node(id: $conversation) { id } message: node(id: $message) { id } }`,
    scope: 'CONVERSATIONS_READ',
    refusal: 'null',
  },
  'Query._entities': {
    query: `query ($conversation: ID!, $message: ID!) { _entities(representations: [
      { __typename: "Conversation", id: $conversation }, { __typename: "Message", id: $message }]) { __typename } }`,
    scope: 'CONVERSATIONS_READ',
  },
  'Query.conversation': {
    query:
      'query ($conversation: ID!) { conversation(id: $conversation) { id title messages { nodes { content } } } }',
    scope: 'CONVERSATIONS_READ',
  },
  'Query.conversations': {
    query: '{ conversations { totalCount nodes { id } } }',
    scope: 'CONVERSATIONS_READ',
  },
  'Query.searchMessages': {
    query: '{ searchMessages(query: "hello") { edges { snippet node { id } conversation { id } } } }',
    scope: 'CONVERSATIONS_READ',
  },
  'Query.inferenceLogs': {
    query:
      'query ($conversation: ID!) { inferenceLogs(conversationId: $conversation) { totalCount nodes { id } } }',
    scope: 'TELEMETRY_READ',
    roles: READERS,
  },
  'Query.inferenceStats': {
    query: `{ inferenceStats(from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z", bucket: DAY) { requests } }`,
    scope: 'TELEMETRY_READ',
    roles: READERS,
  },
  'Mutation.createConversation': {
    query: `mutation { createConversation${on('greet: false, model: "no-such-model"')} }`,
    scope: 'CONVERSATIONS_WRITE',
  },
  'Mutation.sendMessage': {
    query: `${OF_CONVERSATION} { sendMessage${on('conversationId: $conversation, text: "Hello"')} }`,
    scope: 'CONVERSATIONS_WRITE',
  },
  'Mutation.cancelTurn': {
    query: `${OF_CONVERSATION} { cancelTurn${on('conversationId: $conversation')} }`,
    scope: 'CONVERSATIONS_WRITE',
  },
  'Mutation.fastForwardTurn': {
    query: `${OF_CONVERSATION} { fastForwardTurn${on('conversationId: $conversation, turnId: "x"')} }`,
    scope: 'CONVERSATIONS_WRITE',
  },
  'Mutation.sendQueuedMessageNow': {
    query: `${OF_CONVERSATION} { sendQueuedMessageNow${on('conversationId: $conversation, queuedMessageId: "x"')} }`,
    scope: 'CONVERSATIONS_WRITE',
  },
  'Mutation.withdrawQueuedMessage': {
    query: `${OF_CONVERSATION} { withdrawQueuedMessage${on('conversationId: $conversation, queuedMessageId: "x"')} }`,
    scope: 'CONVERSATIONS_WRITE',
  },
  'Mutation.regenerateAnswer': {
    query: `${OF_CONVERSATION} { regenerateAnswer${on('conversationId: $conversation')} }`,
    scope: 'CONVERSATIONS_WRITE',
  },
  'Mutation.editMessage': {
    query: `mutation ($message: ID!) { editMessage${on('messageId: $message, text: "Mine now"')} }`,
    scope: 'CONVERSATIONS_WRITE',
  },
  'Mutation.selectBranch': {
    query: `mutation ($message: ID!) { selectBranch${on('messageId: $message')} }`,
    scope: 'CONVERSATIONS_WRITE',
  },
  'Mutation.updateConversation': {
    query: `${OF_CONVERSATION} { updateConversation${on('conversationId: $conversation, title: "Mine now"')} }`,
    scope: 'CONVERSATIONS_WRITE',
  },
  'Mutation.endConversation': {
    query: `${OF_CONVERSATION} { endConversation${on('conversationId: $conversation')} }`,
    scope: 'CONVERSATIONS_WRITE',
  },
  'Mutation.deleteConversation': {
    query: `${OF_CONVERSATION} { deleteConversation${on('conversationId: $conversation')} }`,
    scope: 'CONVERSATIONS_WRITE',
  },
  'Mutation.reportActivity': {
    query: `${OF_CONVERSATION} { reportActivity${on('conversationId: $conversation, activity: TYPING')} }`,
    scope: 'CONVERSATIONS_WRITE',
  },
  'Mutation.ingestInference': {
    query: `${OF_CONVERSATION} { ingestInference${on(`conversationId: $conversation, model: "", provider: "p",
      status: SUCCESS, latencyMs: 1, inputTokens: 1, outputTokens: 1`)} }`,
    scope: 'TELEMETRY_WRITE',
    roles: WRITERS,
  },
  'Mutation.createApiToken': {
    query: `mutation { createApiToken${on('name: "", scopes: []')} }`,
    scope: 'session',
  },
  'Mutation.revokeApiToken': {
    query: `mutation ($apiToken: ID!) { revokeApiToken${on('id: $apiToken')} }`,
    scope: 'session',
  },
  'Mutation.renewSession': { query: `mutation { renewSession${on('token: "x"')} }`, scope: null },
  'Subscription.conversationEvents': {
    query:
      'subscription ($conversation: ID!) { conversationEvents(conversationId: $conversation) { __typename } }',
    scope: 'CONVERSATIONS_READ',
  },
  'Subscription.conversationChanges': {
    query: 'subscription { conversationChanges { kind } }',
    scope: 'CONVERSATIONS_READ',
  },
};

/** The variables that an operation declares. */
export function variablesIn(query: string, things: Things): Record<string, string> {
  return Object.fromEntries(Object.entries(things).filter(([name]) => query.includes(`$${name}`)));
}
