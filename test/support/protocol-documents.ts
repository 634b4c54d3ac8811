/** Documents that select every field of an event or a result by its own name, as a client that knows only the protocol does. */
export const CREATE = /* GraphQL */ `
  mutation ($input: CreateConversationInput!) {
    createConversation(input: $input) {
      __typename
      ... on CreateConversationSuccess { conversation { id title pacing readingWpm model { id } messageCount latestEventCursor } }
      ... on InvalidInputError { fieldErrors { path message } }
      ... on UserError { message }
    }
  }
`;

export const SEND = /* GraphQL */ `
  mutation ($input: SendMessageInput!) {
    sendMessage(input: $input) {
      __typename
      ... on SendMessageSuccess { turnId sentMessage { id content clientMessageId } conversation { id status messageCount } }
      ... on InvalidInputError { fieldErrors { path message } }
      ... on UserError { message }
    }
  }
`;

export const CANCEL = /* GraphQL */ `
  mutation ($input: CancelTurnInput!) {
    cancelTurn(input: $input) {
      __typename
      ... on CancelTurnSuccess { interrupted { id content interruptionReason } }
      ... on UserError { message }
    }
  }
`;

export const FAST_FORWARD = /* GraphQL */ `
  mutation ($input: FastForwardTurnInput!) {
    fastForwardTurn(input: $input) {
      __typename
      ... on FastForwardTurnSuccess { conversation { id activeTurn { turnId } } }
      ... on UserError { message }
    }
  }
`;

export const REGENERATE = /* GraphQL */ `
  mutation ($input: RegenerateAnswerInput!) {
    regenerateAnswer(input: $input) {
      __typename
      ... on RegenerateAnswerSuccess { turnId }
      ... on InvalidInputError { fieldErrors { path message } }
      ... on UserError { message }
    }
  }
`;

export const UPDATE = /* GraphQL */ `
  mutation ($input: UpdateConversationInput!) {
    updateConversation(input: $input) {
      __typename
      ... on UpdateConversationSuccess { conversation { title pacing readingWpm model { id } latestEventCursor } }
      ... on InvalidInputError { fieldErrors { path message } }
      ... on UserError { message }
    }
  }
`;

export const END = /* GraphQL */ `
  mutation ($id: ID!) { endConversation(input: { conversationId: $id }) { __typename } }
`;

export const DELETE = /* GraphQL */ `
  mutation ($id: ID!) { deleteConversation(input: { conversationId: $id }) { __typename } }
`;

export const INGEST = /* GraphQL */ `
  mutation ($input: IngestInferenceInput!) {
    ingestInference(input: $input) { __typename ... on IngestInferenceSuccess { id } ... on UserError { message } }
  }
`;

const MESSAGE = 'id role content status createdAt answeredBy { id } interruptionReason isTruncated';

export const EVENTS = /* GraphQL */ `
  subscription ($id: ID!, $after: String) {
    conversationEvents(conversationId: $id, after: $after) {
      __typename
      cursor
      at
      ... on MessageAdded { message { ${MESSAGE} } }
      ... on TurnStarted { turnId cause model { id } fallback { unavailability } }
      ... on TurnTextAdded { turnId offset text }
      ... on TurnThinking { turnId seconds }
      ... on TurnCompleted { turnId message { ${MESSAGE} } usage { totalTokens } }
      ... on TurnInterrupted { turnId interruptionReason partial { ${MESSAGE} } partialContent interruptedAtToken }
      ... on TurnFailed { turnId failure { turnId code text retryable } partial { ${MESSAGE} } }
      ... on TypingChanged { typing }
      ... on TypingNudge { text }
      ... on ConversationUpdated { title model { id } pacing readingWpm }
      ... on ConversationEnded { endReason }
    }
  }
`;

export const CONVERSATION = /* GraphQL */ `
  query ($id: ID!) {
    conversation(id: $id) {
      id title status messageCount latestEventCursor
      activeTurn { turnId state text }
      messages(last: 100) { nodes { ${MESSAGE} clientMessageId failure { turnId code } } }
    }
  }
`;

export const CHANGES = /* GraphQL */ `
  subscription { conversationChanges { kind conversationId conversation { id title status } } }
`;

export const NODE = /* GraphQL */ `query ($id: ID!) { node(id: $id) { __typename id } }`;
