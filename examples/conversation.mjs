// Sends a message to TaskFlow and prints the answer as it is spoken: node examples/conversation.mjs "What can you do?"
import { randomUUID } from 'node:crypto';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

const server = (process.env.TASKFLOW_URL ?? 'http://127.0.0.1:4000').replace(/\/+$/, '');
let isConnected = false;
const client = createClient({
  url: `${server.replace(/^http/, 'ws')}/graphql`,
  webSocketImpl: WebSocket,
  on: { connected: () => (isConnected = true) },
  // After a lost connection the client reconnects, and sends its running operations again.
  shouldRetry: () => isConnected,
});

async function* run(query, variables) {
  for await (const { data, errors } of client.iterate({ query, variables })) {
    if (errors) throw errors;
    const result = Object.values(data)[0];
    if (result.message) throw new Error(result.message); // a UserError
    yield result;
  }
}

try {
  const created = await run(`mutation { createConversation(input: { greet: false }) {
    ... on CreateConversationSuccess { conversation { id latestEventCursor } }
    ... on UserError { message } } }`).next();
  const { id, latestEventCursor } = created.value.conversation;

  // With a clientMessageId, a message that is sent twice is stored once.
  const input = {
    conversationId: id,
    text: process.argv[2] ?? 'What can you do?',
    clientMessageId: randomUUID(),
  };
  await run(
    `mutation ($input: SendMessageInput!) { sendMessage(input: $input) {
      ... on SendMessageSuccess { turnId }
      ... on UserError { message } } }`,
    { input },
  ).next();

  // Events after the cursor are replayed, also after a lost connection. `offset` is the position of a text in the answer.
  const events = run(
    `subscription ($id: ID!, $after: String) { conversationEvents(conversationId: $id, after: $after) {
      __typename
      ... on TurnTextAdded { offset text }
      ... on TurnFailed { failure { text } } } }`,
    { id, after: latestEventCursor },
  );
  let answer = '';
  let printed = 0;
  for await (const { __typename, offset, text, failure } of events) {
    if (__typename === 'TurnTextAdded') {
      answer = answer.slice(0, offset) + text;
      process.stdout.write(answer.slice(printed));
      printed = Math.max(printed, answer.length);
    }
    if (__typename === 'TurnFailed') throw new Error(failure.text);
    if (__typename === 'TurnCompleted' || __typename === 'TurnInterrupted') break;
  }
  process.stdout.write('\n');
} catch (error) {
  const { message, reason } = [error].flat()[0];
  const [why] = (message || reason || 'no connection').split('\n');
  const hint = `No TaskFlow at ${server} (${why}). Start it with npm start, or set TASKFLOW_URL.`;
  process.stderr.write(`${isConnected ? why : hint}\n`);
  process.exitCode = 1;
}
await client.dispose();
