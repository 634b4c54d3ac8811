import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { countOn, lacking, Platform } from '../test/faults/platform.ts';
import { SeededRandom } from '../test/support/seeded-random.ts';
import { FAULTS } from './soak/faults.ts';
import { QueueTalk } from './soak/queue-talk.ts';

/**
 * Sends messages to the queues of conversations, faster than they are answered, while one part after another fails. Then what
 * was accepted is compared with what is stored. Exits with 1 if a message was lost, stored twice, stored after it had been
 * taken back, or out of order. The goal is `--messages 100000`, which takes about 15 minutes on two cores.
 */
const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    conversations: { type: 'string', default: '60' },
  },
});
/** The time between two faults, in milliseconds. */
const PAUSE_MS = 10_000;

const missing = lacking();
if (missing) {
  process.stderr.write(`queue-soak: ${missing} is not installed\n`);
  process.exit(1);
}
const random = new SeededRandom(Number(values.seed));
const target = Number(values.messages);
const platform = await Platform.start({ env: { WORKER_GRACE_MS: '1000', MESSAGES_PER_OWNER: '0' } });
platform.upstream.answerAll((request) => {
  platform.upstream.clearRequests();
  return countOn(request);
});
const talks = Array.from(
  { length: Number(values.conversations) },
  (_, at) => new QueueTalk(platform, new SeededRandom(random.between(0, 2 ** 31)), `q${at}`),
);
for (const talk of talks) await talk.start();

const sumOf = (of: (talk: QueueTalk) => number) => talks.reduce((sum, talk) => sum + of(talk), 0);
const sent = () => sumOf(({ count }) => count);
const begun = performance.now();
const talking = talks.map(async (talk) => {
  while (sent() < target) await talk.step();
});
let faults = 0;
const names = Object.keys(FAULTS);
while (sent() < target) {
  await delay(PAUSE_MS);
  const name = names[random.between(0, names.length - 1)] as string;
  process.stderr.write(`queue-soak: ${sent()} sent: ${name}\n`);
  await FAULTS[name]?.(platform, random);
  faults += 1;
}
await Promise.all(talking);
await Promise.all(talks.map((talk) => talk.over()));
const wrong = (await Promise.all(talks.map((talk) => talk.check()))).flat();
const seconds = Math.round((performance.now() - begun) / 1_000);
await platform.stop();
process.stdout.write(`| messages | waited | faults | lost, repeated or out of order | took |
|---|---|---|---|---|
| ${sent()} | ${sumOf(({ waited }) => waited)} | ${faults} | ${wrong.length} | ${seconds} s |
`);
for (const line of wrong.slice(0, 20)) process.stdout.write(`- ${line}\n`);
process.exit(wrong.length > 0 ? 1 : 0);
