/** The operations of the tests, as a third party would write them. */
export const CREATE = /* GraphQL */ `
  mutation Create($input: CreateConversationInput!) {
    createConversation(input: $input) {
      __typename
      ... on CreateConversationSuccess {
        conversation { id title status pacing provider messageCount latestEventCursor model { id } activeTurn { turnId } }
      }
      ... on InvalidInputError { fieldErrors { path message } }
      ... on UserError { message }
    }
  }
`;

export const SEND = /* GraphQL */ `
  mutation Send($input: SendMessageInput!) {
    sendMessage(input: $input) {
      __typename
      ... on SendMessageSuccess {
        turnId
        sentMessage { id role content status createdAt clientMessageId failure { code } }
        conversation { id title messageCount lastMessagePreview }
      }
      ... on InvalidInputError { fieldErrors { path message } }
      ... on UserError { message }
    }
  }
`;

export const CANCEL = /* GraphQL */ `
  mutation Cancel($input: CancelTurnInput!) {
    cancelTurn(input: $input) {
      __typename
      ... on CancelTurnSuccess { interrupted { id content status } conversation { messageCount } }
      ... on UserError { message }
    }
  }
`;

export const REGENERATE = /* GraphQL */ `
  mutation Regenerate($input: RegenerateAnswerInput!) {
    regenerateAnswer(input: $input) {
      __typename
      ... on RegenerateAnswerSuccess { turnId conversation { status messageCount } }
      ... on InvalidInputError { fieldErrors { path message } }
      ... on UserError { message }
    }
  }
`;

export const UPDATE = /* GraphQL */ `
  mutation Update($input: UpdateConversationInput!) {
    updateConversation(input: $input) {
      __typename
      ... on UpdateConversationSuccess { conversation { title model { id } pacing } }
      ... on InvalidInputError { fieldErrors { path message } }
      ... on UserError { message }
    }
  }
`;

export const REPORT = /* GraphQL */ `
  mutation Report($input: ReportActivityInput!) {
    reportActivity(input: $input) {
      __typename
      ... on ReportActivitySuccess { conversationId }
      ... on UserError { message }
    }
  }
`;

export const EVENTS = /* GraphQL */ `
  subscription Events($conversationId: ID!, $after: String) {
    conversationEvents(conversationId: $conversationId, after: $after) {
      __typename
      cursor
      at
      ... on MessageAdded { message { id role content clientMessageId } }
      ... on TurnStarted { turnId cause model { id } fallback { requestedModel { id } unavailability } }
      ... on TurnTextAdded { turnId text offset }
      ... on TurnCompleted {
        turnId
        message { id content status createdAt interruptionReason answeredBy { id } }
        usage { inputTokens outputTokens totalTokens }
      }
      ... on TurnInterrupted {
        turnId interruptionReason partialContent interruptedAtToken
        partial { id content status interruptionReason answeredBy { id } }
      }
      ... on TurnFailed {
        turnId
        failure { turnId code text retryable }
        partial { id content status interruptionReason answeredBy { id } }
      }
      ... on ConversationUpdated { title model { id } pacing }
      ... on TypingChanged { typing }
      ... on TypingNudge { text }
      ... on ConversationEnded { endReason }
    }
  }
`;

export const CONVERSATION = /* GraphQL */ `
  query Conversation($id: ID!) {
    conversation(id: $id) {
      id title status pacing messageCount lastMessagePreview latestEventCursor model { id }
      activeTurn { turnId state cause model { id } text startedAt fallback { requestedModel { id } unavailability } }
      failure { turnId code text retryable }
      messages(last: 50) {
        nodes {
          id role content status createdAt clientMessageId answeredBy { id } interruptionReason
          failure { turnId code text retryable }
        }
      }
    }
  }
`;

export const CONVERSATIONS = /* GraphQL */ `
  query Conversations($first: Int, $after: String, $last: Int, $before: String, $status: ConversationStatus) {
    conversations(first: $first, after: $after, last: $last, before: $before, status: $status) {
      edges { cursor node { id title messageCount lastMessagePreview } }
      nodes { id }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`;
