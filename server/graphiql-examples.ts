/** The tabs that GraphiQL opens with: a conversation in three steps. */
export const EXAMPLE_TABS = [
  {
    query: `# 1. Create a conversation: the AI greets you.
# Its id goes into the variables of the other tabs.
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
    query: `# 2. Say something, then go to the third tab.
# Sent while the AI speaks, it cuts in.
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
  {
    query: `# 3. Listen (over WebSocket): what is being said
# comes from its start, then whatever follows.
# GraphiQL stops listening when you change tabs:
# to cut in, send from a second window.
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
];
