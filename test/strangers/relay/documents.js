import { graphql } from 'relay-runtime';

/**
 * The documents of ../operations.mjs under the names that Relay requires. Nothing imports this file: the programs import
 * what `npx relay-compiler@21.0.1` generates from it in this folder.
 */
export const documents = [
  graphql`
    query documentsConversationQuery($id: ID!) {
      conversation(id: $id) {
        id
        activeTurn { turnId text }
        messages(last: 100) { nodes { id content } }
      }
    }
  `,
  graphql`
    mutation documentsCreateMutation {
      createConversation(input: { greet: false, pacing: INSTANT }) {
        ... on CreateConversationSuccess { conversation { id latestEventCursor } }
        ... on UserError { message }
      }
    }
  `,
  graphql`
    subscription documentsEventsSubscription($conversationId: ID!, $after: String) {
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
  `,
  graphql`
    query documentsPageQuery($id: ID!, $after: String) {
      conversation(id: $id) {
        id
        messages(first: 3, after: $after) {
          nodes { id content }
          pageInfo { hasNextPage endCursor }
        }
      }
    }
  `,
  graphql`
    mutation documentsSendMutation($input: SendMessageInput!) {
      sendMessage(input: $input) {
        __typename
        ... on SendMessageSuccess { turnId }
        ... on InvalidInputError { fieldErrors { path } }
        ... on UserError { message }
      }
    }
  `,
];
