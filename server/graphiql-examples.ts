/** The tabs that GraphiQL opens with: a conversation in three steps. */
export const EXAMPLE_TABS = [
  {
    query: `# 1. Create a conversation. The AI greets you; its id goes into the other two tabs.
mutation Create {
  createConversation(input: { pacing: HUMAN }) {
    __typename
    ... on CreateConversationSuccess {
      conversation {
        id
        latestCursor
        model {
          name
        }
      }
    }
    ... on Error {
      message
    }
  }
}
`,
  },
  {
    query: `# 2. Listen (over WebSocket). Run this first, then send from the third tab.
subscription Listen($conversationId: ID!) {
  conversationEvents(conversationId: $conversationId) {
    __typename
    cursor
    ... on MessageAdded {
      message {
        role
        content
      }
    }
    ... on AiStarted {
      turnId
      cause
    }
    ... on AiToken {
      text
      offset
    }
    ... on AiDone {
      message {
        content
      }
    }
    ... on AiInterrupted {
      reason
      partialContent
    }
    ... on AiError {
      code
      problem: message
    }
  }
}
`,
    variables: '{\n  "conversationId": "paste the id here"\n}',
  },
  {
    query: `# 3. Say something, and watch the second tab. Send again while the AI speaks to cut in.
mutation Send($conversationId: ID!) {
  sendMessage(input: { conversationId: $conversationId, text: "What can you do?" }) {
    __typename
    ... on SendMessageSuccess {
      turnId
      message {
        id
      }
    }
    ... on InvalidInputError {
      fieldErrors {
        path
        message
      }
    }
    ... on Error {
      problem: message
    }
  }
}
`,
    variables: '{\n  "conversationId": "paste the id here"\n}',
  },
];
