/** The operations that the tests send, as a third party would write them. */
export const CREATE = /* GraphQL */ `
  mutation Create($input: CreateConversationInput!) {
    createConversation(input: $input) {
      __typename
      ... on CreateConversationSuccess {
        conversation { id title status pacing provider messageCount latestCursor model { id } activeTurn { id } }
      }
      ... on InvalidInputError { fieldErrors { path message } }
      ... on Error { problem: message }
    }
  }
`;

export const SEND = /* GraphQL */ `
  mutation Send($input: SendMessageInput!) {
    sendMessage(input: $input) {
      __typename
      ... on SendMessageSuccess {
        turnId
        message { id role content status createdAt }
        conversation { id title messageCount lastMessagePreview }
      }
      ... on InvalidInputError { fieldErrors { path message } }
      ... on Error { problem: message }
    }
  }
`;

export const CANCEL = /* GraphQL */ `
  mutation Cancel($input: CancelTurnInput!) {
    cancelTurn(input: $input) {
      __typename
      ... on CancelTurnSuccess { interrupted { id content status } conversation { messageCount } }
      ... on Error { problem: message }
    }
  }
`;

export const RETRY = /* GraphQL */ `
  mutation Retry($input: RetryTurnInput!) {
    retryTurn(input: $input) {
      __typename
      ... on RetryTurnSuccess { turnId conversation { status messageCount } }
      ... on InvalidInputError { fieldErrors { path message } }
      ... on Error { problem: message }
    }
  }
`;

export const EVENTS = /* GraphQL */ `
  subscription Events($conversationId: ID!, $after: String) {
    conversationEvents(conversationId: $conversationId, after: $after) {
      __typename
      cursor
      at
      ... on MessageAdded { message { id role content } }
      ... on AiStarted { turnId cause model { id } fallback { requestedModel { id } reason } }
      ... on AiToken { turnId text offset }
      ... on AiDone { turnId message { id content status createdAt model { id } } usage { totalTokens } }
      ... on AiInterrupted { turnId reason partialContent interruptedAtToken message { id content status } }
      ... on AiError { turnId code retryable notice: message }
      ... on TitleUpdated { title }
      ... on ModelSelected { model { id } }
      ... on TypingChanged { typing }
      ... on TypingNudge { words: message }
      ... on ConversationEnded { ended: reason }
    }
  }
`;

export const CONVERSATION = /* GraphQL */ `
  query Conversation($id: ID!) {
    conversation(id: $id) {
      id title status messageCount lastMessagePreview latestCursor
      activeTurn { id text fallback { requestedModel { id } reason } }
      lastFailure { turnId code message retryable }
      messages(last: 50) { totalCount edges { node { id role content status createdAt model { id } } } }
    }
  }
`;

export const CONVERSATIONS = /* GraphQL */ `
  query Conversations($first: Int, $after: String, $last: Int, $before: String, $status: ConversationStatus) {
    conversations(first: $first, after: $after, last: $last, before: $before, status: $status) {
      edges { cursor node { id title messageCount lastMessagePreview } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`;
