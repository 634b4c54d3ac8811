/** The first line of variables that follow the conversation of tab 1; see connectExamples. */
export const MARK = '// From tab 1. Delete this line to use your own.';

const variables = (others: Record<string, unknown> = {}) =>
  `${MARK}\n${JSON.stringify({ conversationId: 'Run tab 1 first', ...others }, null, 2)}`;

/** The tabs that GraphiQL opens with: a conversation in three steps, to be run in their order as they are. */
export const EXAMPLE_TABS = [
  {
    query: `# 1. Create a conversation: the AI greets you.
# Tabs 2 and 3 get its id into their variables.
mutation Create {
  createConversation(input: { pacing: HUMAN }) {
    __typename
    ... on CreateConversationSuccess {
      conversation {
        id
        latestEventCursor
        model {
          name
        }
      }
    }
    ... on UserError {
      message
    }
  }
}
`,
  },
  {
    query: `# 2. Send a message, then run tab 3 to see the
# answer. Sent while the AI speaks, it interrupts.
mutation Send($conversationId: ID!) {
  sendMessage(
    input: {
      conversationId: $conversationId
      text: "Count to 100."
    }
  ) {
    __typename
    ... on SendMessageSuccess {
      turnId
      sentMessage {
        id
      }
    }
    ... on InvalidInputError {
      fieldErrors {
        path
        message
      }
    }
    ... on UserError {
      message
    }
  }
}
`,
    variables: variables(),
  },
  {
    query: `# 3. Listen, over WebSocket. Events after the
# cursor are replayed, new ones follow live.
#
# An event has only the text that it adds. This
# page shows it whole: extensions.answerSoFar is
# soFar.slice(0, offset) + text.
#
# GraphiQL stops listening when you change tabs.
# Run this again when you return: nothing is lost.
subscription Listen(
  $conversationId: ID!
  $after: String
) {
  conversationEvents(
    conversationId: $conversationId
    after: $after
  ) {
    __typename
    cursor
    ... on MessageAdded {
      message {
        role
        content
      }
    }
    ... on TurnStarted {
      turnId
      cause
    }
    ... on TurnThinking {
      turnId
      seconds
    }
    ... on TurnTextAdded {
      turnId
      offset
      text
    }
    ... on TurnCompleted {
      turnId
      message {
        content
      }
    }
    ... on TurnInterrupted {
      turnId
      interruptionReason
      partial {
        content
      }
    }
    ... on TurnFailed {
      turnId
      failure {
        code
        text
        retryable
      }
    }
  }
}
`,
    variables: variables({ after: null }),
  },
];
