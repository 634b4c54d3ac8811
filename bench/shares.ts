import { openApp } from '../core/app.ts';
import { loadConfig } from '../core/config/config.ts';
import { DEFAULT_TENANT, LOCAL_OWNER, type Owner } from '../core/domain/owner.ts';
import { createLog } from '../core/telemetry/log.ts';
import type { Data } from '../test/support/harness.ts';
import { HEADER, percentile, row } from './percentiles.ts';
import { startBenchSystem } from './system.ts';

/**
 * Measures how much one caller can slow down another, on PostgreSQL and Redis, with server and worker in separate processes:
 * the time of a page of messages while another caller sends a hundred messages at once, into one conversation and into a
 * hundred; and the time to the first word of an answer while another owner waits for hundreds of answers.
 */
const BURSTS = Number(process.env.BURSTS ?? 15);
const SENDS = 100;
const TURNS = Number(process.env.TURNS ?? 600);
const ANN: Owner = { owner: 'ann', tenant: DEFAULT_TENANT };
const BOB: Owner = { owner: 'bob', tenant: DEFAULT_TENANT };

const CREATE = `mutation { createConversation(input: { greet: false, pacing: INSTANT }) {
  ... on CreateConversationSuccess { conversation { id } } } }`;
const SEND = `mutation($input: SendMessageInput!) { sendMessage(input: $input) { __typename } }`;
const READ = `query($id: ID!) { conversation(id: $id) { messageCount messages(last: 50) { nodes { id role content } } } }`;

const system = await startBenchSystem();
const ask = (query: string, variables?: Record<string, unknown>): Promise<Data> =>
  system.request(query, variables);
const create = async (): Promise<string> => (await ask(CREATE)).createConversation.conversation.id;
const send = async (conversationId: string, text: string): Promise<string> =>
  (await ask(SEND, { input: { conversationId, text } })).sendMessage.__typename;

/** Sends reads one after another until `over` settles, and returns their durations, in milliseconds. */
async function reading(id: string, over: Promise<unknown>): Promise<number[]> {
  const took: number[] = [];
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  over.then(end, end);
  while (!isOver) {
    const begun = performance.now();
    await ask(READ, { id });
    took.push(performance.now() - begun);
  }
  return took;
}

system.upstream.answerAll('Well, that is how it is.');
const read = await create();
for (let i = 0; i < 25; i++) await send(read, `Question ${i}, of some length, as questions are`);
const quiet: number[] = [];
const busy = { one: [] as number[], many: [] as number[] };
const outcomes = new Map<string, number>();
for (let burst = -1; burst < BURSTS; burst++) {
  const one = await create();
  const many = await Promise.all(Array.from({ length: SENDS }, create));
  const alone = await reading(read, new Promise((resolve) => setTimeout(resolve, 500)));
  const burstInto = async (ids: readonly string[]) => {
    const sent = Promise.all(ids.map((id, i) => send(id, `Message ${i}`)));
    const took = await reading(read, sent);
    if (burst >= 0) for (const type of await sent) outcomes.set(type, (outcomes.get(type) ?? 0) + 1);
    return took;
  };
  const intoOne = await burstInto(many.map(() => one));
  const intoMany = await burstInto(many);
  if (burst < 0) continue;
  quiet.push(...alone);
  busy.one.push(...intoOne);
  busy.many.push(...intoMany);
}

const config = loadConfig({ ...system.env, LOG_LEVEL: 'silent' });
const app = await openApp({
  config,
  log: createLog({ level: 'silent', format: 'json' }),
  service: 'taskflow',
});
/** Returns the time to the first word, in milliseconds. It calls core, as the API has only one owner. */
async function firstWord(owner: Owner): Promise<number> {
  const { id } = await app.conversations.create({
    owner,
    model: app.models.default.id,
    pacing: 'HUMAN',
    greet: false,
  });
  const listening = app.feed.subscribe(id, {});
  const begun = performance.now();
  await app.turns.send({ conversationId: id, owner, text: 'Go ahead' });
  for await (const { type } of listening) if (type === 'TurnTextAdded') break;
  return performance.now() - begun;
}
/** Returns the same time while another owner waits for many answers, which are cancelled afterwards. */
async function firstWordBeside(other: Owner): Promise<number> {
  const ids: string[] = [];
  // Ten at a time, like ten clients.
  const client = async () => {
    while (ids.length < TURNS) {
      const input = { owner: other, model: app.models.default.id, pacing: 'HUMAN' as const, greet: false };
      const { id } = await app.conversations.create(input);
      ids.push(id);
      await app.turns.send({ conversationId: id, owner: other, text: 'Go ahead' });
    }
  };
  await Promise.all(Array.from({ length: 10 }, client));
  const took = await firstWord(BOB);
  for (const id of ids) await app.turns.cancel(id, other);
  return took;
}
// About ten seconds of speech.
system.upstream.answerAll('Some more words of what there is to say. '.repeat(20), {
  chunkSize: 20,
  delayMs: 5,
});
const alone = [await firstWord(BOB), await firstWord(BOB), await firstWord(BOB)];
const bounded = await firstWordBeside(ANN);
const unbounded = await firstWordBeside(LOCAL_OWNER);

const ratio = (samples: readonly number[]) => (percentile(samples, 99) / percentile(quiet, 99)).toFixed(1);
process.stdout.write(
  `${[
    HEADER,
    row('a page of 50 messages, without other load', quiet, ''),
    row(
      `the same, while ${SENDS} messages are sent into one conversation`,
      busy.one,
      `${ratio(busy.one)} of 3`,
    ),
    row(`the same, while ${SENDS} messages are sent into as many`, busy.many, `${ratio(busy.many)} of 3`),
    row('the first word of an answer', alone, ''),
    row(`the same, while another owner waits for ${TURNS}`, [bounded], ''),
    row(`the same, if that owner has no limit`, [unbounded], ''),
    `outcomes of the messages: ${JSON.stringify(Object.fromEntries(outcomes))}`,
  ].join('\n')}\n`,
);
await app.stop();
await system.stop();
process.exit(0);
