import { type ChildProcess, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { FaithfulListener } from '../test/faults/faithful-listener.ts';
import { countOn, lacking, Platform } from '../test/faults/platform.ts';
import { CREATE } from '../test/support/operations.ts';
import { percentile } from './percentiles.ts';

/**
 * Measures how soon the answers of a killed worker continue, at a server that did not accept them; and how often a living
 * worker loses its answers to another one on a machine whose cores are all busy.
 */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    answers: { type: 'string', default: '8' },
    turns: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '60' },
  },
});
/** The number of answers that are spoken when a worker is killed. Some of them are its own. */
const ANSWERS = Number(values.answers);
/** A pause between two pieces of an answer that is longer than any other pause here, in milliseconds. */
const PAUSE_MS = 300;
/** The answers of a killed worker count as lost after this time, in milliseconds. */
const LOST_AFTER_MS = 30_000;

const missing = lacking();
if (missing) {
  process.stderr.write(`takeover: ${missing} is not installed\n`);
  process.exit(1);
}

const platform = await Platform.start();
platform.upstream.answerAll(countOn, { chunkSize: 8, delayMs: 50 });
const waits: number[] = [];
for (let kill = 0; kill < Number(values.kills); kill++) waits.push(await afterKill(`k${kill}`));
process.stdout.write(`| killed workers | answers continued after, p50 | max |
|---|---|---|
| ${waits.length} | ${seconds(percentile(waits, 50))} | ${seconds(Math.max(...waits))} |

`);
const { turns, takeovers } = await busyMinute();
process.stdout.write(`| answers at once | every core busy for | taken from a living worker |
|---|---|---|
| ${turns} | ${values.seconds} s | ${takeovers} |
`);
await platform.stop();
process.exit(0);

/** The time from the kill to the first words after the resulting pause, in milliseconds, of the answer that waited longest. */
async function afterKill(name: string): Promise<number> {
  const answers: Awaited<ReturnType<typeof answering>>[] = [];
  for (let at = 0; at < ANSWERS; at++) answers.push(await answering(`${name}.${at}`, 4_000));
  await delay(500 + Math.random() * 1_000);
  const [dying] = platform.workers;
  const killed = performance.now();
  if (dying) await platform.kill(dying);
  let longest = 0;
  while (longest === 0 && performance.now() - killed < LOST_AFTER_MS) {
    await delay(PAUSE_MS);
    const wordless = answers.some(({ times }) => performance.now() - (times.at(-1) ?? 0) > PAUSE_MS);
    if (!wordless) longest = Math.max(...answers.map(({ times }) => continuedAfter(times, killed)));
  }
  for (const { stop } of answers) await stop();
  await platform.add('worker-main');
  process.stderr.write(`takeover: ${name}: ${seconds(longest || LOST_AFTER_MS)}\n`);
  return longest || LOST_AFTER_MS;
}

function continuedAfter(times: readonly number[], killed: number): number {
  const at = times.findIndex((time, i) => time > killed && time - (times[i - 1] ?? time) > PAUSE_MS);
  return at < 0 ? 0 : (times[at] ?? 0) - killed;
}

/** A spoken answer, with the times at which its pieces were heard at a server that did not accept the message. */
async function answering(name: string, words: number) {
  const { data } = await platform.request(CREATE, { input: { greet: false, pacing: 'INSTANT' } });
  const { id, latestEventCursor } = data.createConversation.conversation;
  const elsewhere = () => platform.urls().slice(1);
  const listener = new FaithfulListener(elsewhere, id, latestEventCursor);
  const times: number[] = [];
  await platform.send(id, `Count ${name} to ${words}`);
  await listener.heard(({ __typename }) => __typename === 'TurnTextAdded');
  let open = true;
  const hearing = (async () => {
    for (let seen = listener.events.length; open; seen++) {
      await Promise.race([listener.heard((event) => event === listener.events[seen]), delay(LOST_AFTER_MS)]);
      times.push(performance.now());
    }
  })();
  return {
    times,
    stop: async () => {
      open = false;
      await platform.request(
        'mutation($id: ID!) { deleteConversation(input: { conversationId: $id }) { __typename } }',
        { id },
      );
      await listener.stop();
      void hearing;
    },
  };
}

/** Counts takeovers by requests to the model: a takeover requests the same answer again. */
async function busyMinute(): Promise<{ turns: number; takeovers: number }> {
  const turns = Number(values.turns);
  platform.upstream.answerAll(countOn, { chunkSize: 8, delayMs: 500 });
  const asked = platform.upstream.requests.length;
  const burners: ChildProcess[] = Array.from({ length: availableParallelism() }, () =>
    spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
  );
  for (let at = 0; at < turns; at++) {
    const { data } = await platform.request(CREATE, { input: { greet: false, pacing: 'INSTANT' } });
    void platform.send(data.createConversation.conversation.id, `Count b${at} to 4000`);
  }
  await delay(Number(values.seconds) * 1_000);
  for (const burner of burners) burner.kill('SIGKILL');
  return { turns, takeovers: platform.upstream.requests.length - asked - turns };
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
