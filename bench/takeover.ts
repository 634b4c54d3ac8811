import { type ChildProcess, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { FaithfulListener } from '../test/faults/faithful-listener.ts';
import { countOn, lacking, Platform } from '../test/faults/platform.ts';
import { CREATE } from '../test/support/operations.ts';
import { percentile } from './percentiles.ts';

/**
 * How soon the answers of a killed worker go on, heard at a server that did not accept them; and how often a worker that
 * is alive loses its answers to another on a machine whose every core is busy.
 */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    answers: { type: 'string', default: '8' },
    turns: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '60' },
  },
});
/** Answers that are spoken when a worker is killed: some of them are its own. */
const ANSWERS = Number(values.answers);
/** A pause between two pieces of an answer that is longer than any model or machine makes here, in milliseconds. */
const PAUSE_MS = 300;
/** After which a killed worker's answers are given up for lost, in milliseconds. */
const PATIENCE_MS = 30_000;

const missing = lacking();
if (missing) {
  process.stderr.write(`takeover: there is no ${missing} here\n`);
  process.exit(1);
}

const platform = await Platform.start();
platform.upstream.answerAll(countOn, { chunkSize: 8, delayMs: 50 });
const waits: number[] = [];
for (let kill = 0; kill < Number(values.kills); kill++) waits.push(await afterKill(`k${kill}`));
process.stdout.write(`| killed workers | answers went on after, p50 | max |
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

/** From the kill to the first words after the pause that it made, in milliseconds: of the answers, the one that waited longest. */
async function afterKill(name: string): Promise<number> {
  const answers: Awaited<ReturnType<typeof answering>>[] = [];
  for (let at = 0; at < ANSWERS; at++) answers.push(await answering(`${name}.${at}`, 4_000));
  await delay(500 + Math.random() * 1_000);
  const [dying] = platform.workers;
  const killed = performance.now();
  if (dying) await platform.kill(dying);
  let longest = 0;
  while (longest === 0 && performance.now() - killed < PATIENCE_MS) {
    await delay(PAUSE_MS);
    const wordless = answers.some(({ times }) => performance.now() - (times.at(-1) ?? 0) > PAUSE_MS);
    if (!wordless) longest = Math.max(...answers.map(({ times }) => wentOnAfter(times, killed)));
  }
  for (const { stop } of answers) await stop();
  await platform.add('worker-main');
  process.stderr.write(`takeover: ${name}: ${seconds(longest || PATIENCE_MS)}\n`);
  return longest || PATIENCE_MS;
}

function wentOnAfter(times: readonly number[], killed: number): number {
  const at = times.findIndex((time, i) => time > killed && time - (times[i - 1] ?? time) > PAUSE_MS);
  return at < 0 ? 0 : (times[at] ?? 0) - killed;
}

/** An answer that is being spoken, and when each piece of it was heard at another server than took the message. */
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
      await Promise.race([listener.heard((event) => event === listener.events[seen]), delay(PATIENCE_MS)]);
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

/** A takeover asks the model once more for the same answer. */
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
