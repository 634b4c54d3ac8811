import { readFileSync, writeFileSync } from 'node:fs';
import { measureDelivery } from './delivery/measure-delivery.ts';
import { medianOf, ratiosOf } from './delivery/rounds.ts';
import { measureLatency } from './turns/latency.ts';
import { beginAll, measureSpeaking } from './turns/speaking.ts';
import { Conversation, startTalk } from './turns/talk.ts';

/**
 * A quick look whether delivery, speaking or latency became slower: compares ratios with recorded ones, and exits with 1 if
 * one is more than 20 % below. Each is a ratio to something that is measured in the same run, so that a busy machine slows
 * both. What is too low is measured once more. `--record` records what is measured.
 */
const FILE = new URL('quick-ratios.json', import.meta.url);
const TOLERANCE = 0.2;
const SPEAKING = 30;

const recorded: Record<string, number> = JSON.parse(readFileSync(FILE, 'utf8'));
const first = await measureAll();
if (process.argv.includes('--record')) {
  const rounded = Object.entries(first).map(([name, ratio]) => [name, Number(ratio.toPrecision(3))]);
  writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(rounded), null, 2)}\n`);
}
let slower = report(first);
if (slower.length > 0 && !process.argv.includes('--record')) {
  const second = await measureAll();
  const best = Object.entries(first).map(([name, ratio]) => [name, Math.max(ratio, second[name] ?? 0)]);
  slower = report(Object.fromEntries(best));
}
process.exit(slower.length > 0 && !process.argv.includes('--record') ? 1 : 0);

/** Higher is better: tokens per CPU second to bare's, bare's CPU per token to the worker's per event, stores alone to latency. */
async function measureAll(): Promise<Record<string, number>> {
  const delivery = await measureDelivery(['bare', 'taskflow'], {
    ...{ seconds: 0.3, rounds: 5, conversations: 100, listeners: 1 },
  });
  const talk = await startTalk({ WORKER_GRACE_MS: '1' });
  try {
    const speakers = await Conversation.openMany(talk.system, SPEAKING);
    const idle = await Conversation.openMany(talk.system, 10);
    await beginAll(speakers);
    const { perEvent } = await measureSpeaking(talk, speakers, 5);
    const { started, reference } = await measureLatency(talk, idle, 60);
    const perToken = 1 / medianOf(delivery.get('bare') ?? []);
    return {
      tokens: medianOf(ratiosOf(delivery, 'taskflow')),
      speaking: perToken / perEvent,
      latency: medianOf(started.map((ms, i) => (reference[i] ?? Number.NaN) / ms)),
    };
  } finally {
    await talk.stop();
  }
}

/** Prints the ratios, and returns those that are too low. */
function report(ratios: Record<string, number>): string[] {
  return Object.entries(ratios).flatMap(([name, ratio]) => {
    const before = recorded[name] ?? 0;
    const isSlower = !(ratio >= before * (1 - TOLERANCE));
    process.stdout.write(
      `${name}: ratio ${ratio.toFixed(3)}, recorded ${before.toFixed(3)}${isSlower ? ': SLOWER' : ''}\n`,
    );
    return isSlower ? [name] : [];
  });
}
