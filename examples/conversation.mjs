// Says something to TaskFlow and prints the answer as it is spoken: node examples/conversation.mjs "What can you do?"
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

const url = process.env.TASKFLOW_URL ?? 'http://127.0.0.1:4000';
const client = createClient({ url: `${url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket });

async function* run(query, variables) {
  for await (const { data, errors } of client.iterate({ query, variables })) {
    if (errors) throw new Error(errors[0].message);
    const result = Object.values(data)[0];
    if (result.problem) throw new Error(result.problem);
    yield result;
  }
}

const created = await run(`mutation { createConversation(input: { greet: false }) {
  ... on CreateConversationSuccess { conversation { id latestCursor } }
  ... on Error { problem: message } } }`).next();
const { id, latestCursor } = created.value.conversation;

const text = process.argv[2] ?? 'What can you do?';
await run(
  `mutation ($id: ID!, $text: String!) { sendMessage(input: { conversationId: $id, text: $text }) {
    ... on SendMessageSuccess { turnId }
    ... on Error { problem: message } } }`,
  { id, text },
).next();

// Listening after the cursor, nothing is missed: neither what came before now, nor what comes while the line is down.
const listening = { id, after: latestCursor };
const events = run(
  `subscription ($id: ID!, $after: String) { conversationEvents(conversationId: $id, after: $after) {
    __typename cursor
    ... on AiToken { text }
    ... on AiError { problem: message } } }`,
  listening,
);
for await (const { __typename, cursor, text = '' } of events) {
  listening.after = cursor;
  process.stdout.write(text);
  if (__typename === 'AiDone' || __typename === 'AiInterrupted') break;
}
process.stdout.write('\n');
await client.dispose();
