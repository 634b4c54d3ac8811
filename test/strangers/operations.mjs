/** The operations of every program, independent of its client. */
export const CREATE = /* GraphQL */ `
  mutation Create {
    createConversation(input: { greet: false, pacing: INSTANT }) {
      ... on CreateConversationSuccess { conversation { id latestEventCursor } }
      ... on UserError { message }
    }
  }
`;

export const SEND = /* GraphQL */ `
  mutation Send($input: SendMessageInput!) {
    sendMessage(input: $input) {
      __typename
      ... on SendMessageSuccess { turnId }
      ... on InvalidInputError { fieldErrors { path } }
      ... on UserError { message }
    }
  }
`;

export const EVENTS = /* GraphQL */ `
  subscription Events($conversationId: ID!, $after: String) {
    conversationEvents(conversationId: $conversationId, after: $after) {
      __typename
      cursor
      ... on MessageAdded { message { id content } }
      ... on TurnStarted { turnId }
      ... on TurnTextAdded { turnId offset text }
      ... on TurnCompleted { turnId message { id content } }
      ... on TurnInterrupted { turnId partial { id content } }
      ... on TurnFailed { turnId partial { id content } }
    }
  }
`;

export const CONVERSATION = /* GraphQL */ `
  query Conversation($id: ID!) {
    conversation(id: $id) {
      id
      activeTurn { turnId text }
      messages(last: 100) { nodes { id content } }
    }
  }
`;

export const PAGE = /* GraphQL */ `
  query Page($id: ID!, $after: String) {
    conversation(id: $id) {
      id
      messages(first: 3, after: $after) {
        nodes { id content }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`;
