import { HEADER, row } from './percentiles.ts';
import { startBenchSystem } from './system.ts';

/**
 * Measures interruptions and resumes on PostgreSQL and Redis, with server and worker in separate processes; model and
 * listener run in this one. Times begin before the request is written to its socket, so they include the whole round trip.
 */
const ROUNDS = Number(process.env.ROUNDS ?? 300);
const RESUMES = Number(process.env.RESUMES ?? 100);
const RESUMED_TOKENS = 2_000;

const CREATE = `mutation { createConversation(input: { greet: false, pacing: INSTANT }) {
  ... on CreateConversationSuccess { conversation { id latestEventCursor } } } }`;
const SEND = `mutation($input: SendMessageInput!) { sendMessage(input: $input) { ... on SendMessageSuccess { turnId } } }`;
const CANCEL = `mutation($input: CancelTurnInput!) { cancelTurn(input: $input) { ... on CancelTurnSuccess { interrupted { id } } } }`;
const EVENTS = `subscription($id: ID!, $after: String) { conversationEvents(conversationId: $id, after: $after) {
  __typename cursor ... on TurnTextAdded { text } } }`;

const system = await startBenchSystem();
const figures = {
  started: [] as number[],
  sent: [] as number[],
  cancelled: [] as number[],
  closed: [] as number[],
  resumed: [] as number[],
  token: [] as number[],
};

async function converse(): Promise<{ id: string; latestEventCursor: string }> {
  const data = (await system.request(CREATE)) as unknown as {
    createConversation: { conversation: { id: string; latestEventCursor: string } };
  };
  return data.createConversation.conversation;
}

/** Resolves with the time at which the next event of a type arrives. */
function arrivals() {
  const waiting = new Map<string, (at: number) => void>();
  return {
    onEvent: ({ __typename }: { __typename: string }) => waiting.get(__typename)?.(performance.now()),
    next: (type: string) => new Promise<number>((resolve) => waiting.set(type, resolve)),
  };
}

const { id, latestEventCursor } = await converse();
const heard = arrivals();
const stop = system.listen(EVENTS, { id, after: latestEventCursor }, heard.onEvent);
const input = { conversationId: id };
await system.request(SEND, { input: { ...input, text: 'warm up' } });
let request = await system.upstream.nextRequest();
for (let round = -20; round < ROUNDS; round++) {
  const first = heard.next('TurnTextAdded');
  const spokenAt = performance.now();
  await request.send('Some words that are being spoken. ');
  const tokenTook = (await first) - spokenAt;
  const interrupted = heard.next('TurnInterrupted');
  const started = heard.next('TurnStarted');
  const at = performance.now();
  const cancels = round % 2 === 0;
  const answered = cancels
    ? system.request(CANCEL, { input })
    : system.request(SEND, { input: { ...input, text: 'And now?' } });
  const [interruptedAt, closed] = await Promise.all([interrupted, request.closed, answered]);
  if (cancels) void system.request(SEND, { input: { ...input, text: 'Go on.' } });
  const sentAt = cancels ? performance.now() : at;
  const startedAt = await started;
  request = await system.upstream.nextRequest();
  if (round < 0) continue;
  figures.token.push(tokenTook);
  figures[cancels ? 'cancelled' : 'sent'].push(interruptedAt - at);
  figures.closed.push(closed.at - at);
  figures.started.push(startedAt - sentAt);
}
await request.finish();
stop();

for (let resume = -5; resume < RESUMES; resume++) {
  const { id, latestEventCursor } = await converse();
  let words = 0;
  let last = '';
  const spoken = new Promise<void>((resolve) => {
    const stopListening = system.listen(EVENTS, { id, after: latestEventCursor }, (event) => {
      if (event.__typename === 'TurnTextAdded') words += (event.text ?? '').split(' ').length - 1;
      last = event.cursor;
      if (words >= RESUMED_TOKENS) {
        stopListening();
        resolve();
      }
    });
  });
  await system.request(SEND, { input: { conversationId: id, text: 'Speak' } });
  const long = await system.upstream.nextRequest();
  for (let i = 0; i < RESUMED_TOKENS; i++) await long.send(`word${i} `);
  await spoken;
  if (!last) throw new Error('nothing was heard');
  const at = performance.now();
  let replayed = 0;
  const took = await new Promise<number>((resolve) => {
    const stopListening = system.listen(
      EVENTS,
      { id, after: latestEventCursor },
      ({ __typename, text = '' }) => {
        if (__typename === 'TurnTextAdded') replayed += text.split(' ').length - 1;
        if (replayed < RESUMED_TOKENS) return;
        stopListening();
        resolve(performance.now() - at);
      },
    );
  });
  await long.finish();
  if (resume >= 0) figures.resumed.push(took);
}

process.stdout.write(
  `${[
    HEADER,
    row('sendMessage while the AI speaks, to TurnInterrupted heard', figures.sent, 'p99 < 25'),
    row('cancelTurn, to TurnInterrupted heard', figures.cancelled, 'p99 < 25'),
    row("either, to the model's socket closed", figures.closed, 'p99 < 100'),
    row('sendMessage, to TurnStarted heard', figures.started, 'p50 < 15'),
    row("the model's token, to its TurnTextAdded heard", figures.token, 'p50 < 5'),
    row(`resume of a turn of ${RESUMED_TOKENS} tokens, to its last token heard`, figures.resumed, 'p95 < 50'),
  ].join('\n')}\n`,
);
await system.stop();
process.exit(0);
