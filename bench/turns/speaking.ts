import { setTimeout as delay } from 'node:timers/promises';
import { atMost, type Scenario } from '../scenario.ts';
import { between, lateAt, readLateness, shareWithin } from './lateness.ts';
import { Conversation, startTalk, type Talk } from './talk.ts';

/** Turns at once, step by step; the last is the goal's. */
const STEPS = [50, 100, 250];
const GOAL_MS = 50;
/** Messages that are sent at once while the turns begin. */
const SENDERS = 10;
/** From when all turns speak until the measurement begins, in milliseconds. */
const SETTLE_MS = 2_000;

export const speaking: Scenario = {
  name: 'speaking',
  title: 'Human pace with one worker',
  method: `Turns that speak at once at HUMAN pace, from a model that streams 40 tokens a second. Lateness is the worker's own metric pacing_lag_ms: from when words were due until they were in the feed, p99 interpolated within its bucket. Events are those that the listeners heard, over one socket.`,
  async run({ seconds = 8, count }) {
    const measured: Spoken[] = [];
    for (const turns of count ? [count] : STEPS) measured.push(await speakAtOnce(turns, seconds));
    const last = measured.at(-1);
    return {
      findings: [
        atMost(
          `p99 lateness of words with ${last?.turns} turns at HUMAN pace on one worker`,
          GOAL_MS,
          last?.p99 ?? Number.NaN,
          ' ms',
        ),
      ],
      details: [
        `| turns at once | words within ${GOAL_MS} ms of due | p99 lateness, ms | worker CPU per event, µs | worker | server | model | listeners (cores) |`,
        '|---|---|---|---|---|---|---|---|',
        ...measured.map(
          ({ turns, share, p99, perEvent, cores }) =>
            `| ${turns} | ${(share * 100).toFixed(2)} % | ${p99.toFixed(1)} | ${(perEvent * 1e6).toFixed(0)} | ${cores.map((it) => it.toFixed(2)).join(' | ')} |`,
        ),
      ],
    };
  },
};

interface Spoken {
  turns: number;
  /** Of words, within GOAL_MS of when they were due. */
  share: number;
  p99: number;
  /** Processor time of the worker per event that was heard, in seconds. */
  perEvent: number;
  /** Processor time per second of worker, server, model and listeners. */
  cores: readonly number[];
}

/** Lets `turns` conversations speak at once, and measures them for some seconds. */
async function speakAtOnce(turns: number, seconds: number): Promise<Spoken> {
  const talk = await startTalk({ TURN_CONCURRENCY: String(turns), WORKER_GRACE_MS: '1' });
  try {
    const conversations = await Conversation.openMany(talk.system, turns);
    await beginAll(conversations);
    await delay(SETTLE_MS);
    return await measureSpeaking(talk, conversations, seconds);
  } finally {
    await talk.stop();
  }
}

/** Asks each conversation for a long answer, and resolves when all speak. */
export async function beginAll(conversations: readonly Conversation[]): Promise<void> {
  const spoken = conversations.map((conversation) => conversation.next('TurnTextAdded'));
  const waiting = [...conversations];
  const sender = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      await next.send('Please answer at length.');
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
  await Promise.all(spoken);
}

/** Measures conversations that speak, for some seconds. @throws when a listener missed something */
export async function measureSpeaking(
  { system, model }: Talk,
  conversations: readonly Conversation[],
  seconds: number,
): Promise<Spoken> {
  const own = () => {
    const { user, system: inSystem } = process.cpuUsage();
    return (user + inSystem) / 1e6;
  };
  const cpu = () => [system.worker.cpuSeconds(), system.server.cpuSeconds(), model.cpuSeconds(), own()];
  const heard = () => conversations.reduce((sum, { events }) => sum + events, 0);
  const before = {
    lateness: await readLateness(system.worker.url),
    cpu: cpu(),
    events: heard(),
    at: performance.now(),
  };
  await delay(seconds * 1_000);
  const after = {
    cpu: cpu(),
    events: heard(),
    at: performance.now(),
    lateness: await readLateness(system.worker.url),
  };
  const faults = conversations.flatMap((conversation) => conversation.faults);
  if (faults.length > 0) throw new Error(`${faults.length} faults: ${faults.slice(0, 3).join('; ')}`);
  const used = after.cpu.map((it, i) => it - (before.cpu[i] ?? 0));
  const lateness = between(before.lateness, after.lateness);
  return {
    turns: conversations.length,
    share: shareWithin(lateness, GOAL_MS),
    p99: lateAt(lateness, 99),
    perEvent: (used[0] ?? 0) / (after.events - before.events),
    cores: used.map((it) => (it * 1_000) / (after.at - before.at)),
  };
}
