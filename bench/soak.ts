import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { askedOf, countOn, lacking, Platform } from '../test/faults/platform.ts';
import { SeededRandom } from '../test/support/seeded-random.ts';
import { percentile } from './percentiles.ts';
import { countFailures, MAY_FAIL_PERCENT } from './soak/failures.ts';
import { FAULTS } from './soak/faults.ts';
import { Talk } from './soak/talk.ts';

/**
 * Runs conversations under load while one part after another fails, in an order that the seed decides. Then everything that
 * was accepted, heard and stored is compared. Exits with 1 if anything was lost or repeated, a refused call had an effect, or
 * too many answers failed while the model worked. The goal is `--tokens 10000000`, which takes about 50 minutes with
 * `--conversations 100`.
 */
const { values } = parseArgs({
  options: {
    tokens: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    conversations: { type: 'string', default: '40' },
    /** The time limit, in minutes, after which it ends in any case. */
    minutes: { type: 'string', default: '600' },
  },
});
const target = Number(values.tokens);
const random = new SeededRandom(Number(values.seed));
/** The time between the recovery from one fault and the next fault, in milliseconds. */
const PAUSE_MS = 3_000;
/** The size of the model's chunks, in characters: a few words. */
const CHUNK = 60;
/** The time between two chunks, in milliseconds. */
const CHUNK_EVERY_MS = 20;
/** The name of the messages that only check whether messages are answered again. */
const PROBE = 'probe';

const missing = lacking();
if (missing) {
  process.stderr.write(`soak: ${missing} is not installed\n`);
  process.exit(1);
}

const platform = await Platform.start({ env: { LLM_TIMEOUT_MS: '60000', WORKER_GRACE_MS: '1000' } });
let spoken = 0;
/** The texts of the messages whose answers the model cut off. */
const cut = new Set<string>();
const onCut = (request: Parameters<typeof askedOf>[0]) => {
  const { name, text } = askedOf(request);
  if (name !== PROBE) cut.add(text);
};
platform.upstream.answerAll(
  (request) => {
    platform.upstream.clearRequests();
    const answer = countOn(request);
    spoken += answer.split(' ').length - 1;
    return answer;
  },
  { chunkSize: CHUNK, delayMs: CHUNK_EVERY_MS, onCut },
);
const talks = Array.from(
  { length: Number(values.conversations) },
  (_, i) => new Talk(platform, new SeededRandom(random.between(0, 2 ** 31)), `c${i}`),
);
for (const talk of talks) await talk.start();

const begun = performance.now();
let going = true;
const talking = talks.map(async (talk) => {
  while (going) await talk.step();
  if (talk.open) await talk.over(talk.open);
});
const happened = new Map<string, number[]>();
const isOver = () => spoken >= target || performance.now() - begun > Number(values.minutes) * 60_000;
while (!isOver()) {
  for (const name of shuffled(Object.keys(FAULTS))) {
    if (isOver()) break;
    await delay(PAUSE_MS);
    process.stderr.write(`soak: ${minutes()}, ${spoken} tokens: ${name}\n`);
    await FAULTS[name]?.(platform, random);
    const back = performance.now();
    const heard = talks.map((talk) => talk.events);
    await Promise.all([answers(), ...talks.map((talk, i) => talk.goesOnSince(heard[i] as number))]);
    happened.set(name, [...(happened.get(name) ?? []), performance.now() - back]);
  }
}
going = false;
await Promise.all(talking);
const verdicts = await Promise.all(talks.map((talk) => talk.check()));
const took = minutes();
await Promise.all(talks.map((talk) => talk.stop()));
await platform.stop();

const sum = (of: (verdict: (typeof verdicts)[number]) => number) =>
  verdicts.reduce((total, verdict) => total + of(verdict), 0);
const recoveries = [...happened.values()].flat();
const failures = verdicts.flatMap((verdict) => verdict.failures);
const messages = sum((verdict) => verdict.messages);
const failed = countFailures(failures, cut, messages);
const rows = [...happened].map(
  ([name, times]) =>
    `| ${name} | ${times.length} | ${seconds(percentile(times, 50))} | ${seconds(Math.max(...times))} |`,
);
const lost = verdicts.flatMap((verdict) => verdict.lost);
const repeated = verdicts.flatMap((verdict) => verdict.repeated);
const acts = verdicts.flatMap((verdict) => verdict.acts);
process.stdout.write(`| fault | times | recovered after, p50 | max |
|---|---|---|---|
${rows.sort().join('\n')}
| **all** | ${recoveries.length} | ${seconds(percentile(recoveries, 50))} | ${seconds(Math.max(...recoveries))} |

| messages accepted | calls refused | effects of refused calls | tokens heard and stored | lost | repeated | took |
|---|---|---|---|---|---|---|
| ${messages} | ${sum(({ refused }) => refused)} | ${acts.length} | ${sum(({ tokens }) => tokens)} | ${lost.length} | ${repeated.length} | ${took} |

| answers that failed with | the model worked | the model cut them off |
|---|---|---|
${failed.rows.map(({ code, modelWorked, modelFailed }) => `| \`${code}\` | ${modelWorked} | ${modelFailed} |`).join('\n')}
| **all**, of ${messages - cut.size} and ${cut.size} | ${sumOf(failed.rows, 'modelWorked')} (${failed.percent.toFixed(2)} %) | ${sumOf(failed.rows, 'modelFailed')} |
`);
for (const line of [lost, repeated, acts].flatMap((lines) => lines.slice(0, 20)))
  process.stdout.write(`- ${line}\n`);
const isBroken = lost.length + repeated.length + acts.length > 0 || failed.percent >= MAY_FAIL_PERCENT;
process.exit(isBroken ? 1 : 0);

function sumOf(counts: typeof failed.rows, key: 'modelWorked' | 'modelFailed'): number {
  return counts.reduce((total, row) => total + row[key], 0);
}

/** Resolves when a message to a new conversation has been answered. */
async function answers(): Promise<void> {
  while (true) {
    try {
      const { id, listener } = await platform.conversation();
      const { turnId } = await platform.send(id, `Count ${PROBE} to 5`);
      if (turnId) await Promise.race([listener.ended(turnId), platform.stored(id, turnId)]);
      await listener.stop();
      if (turnId) return;
    } catch {
      // It is not available yet.
    }
    await delay(100);
  }
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

function minutes(): string {
  const total = Math.round((performance.now() - begun) / 1_000);
  return `${Math.floor(total / 60)} min ${total % 60} s`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
