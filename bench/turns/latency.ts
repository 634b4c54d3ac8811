import { percentile } from '../percentiles.ts';
import { atMost, type Scenario } from '../scenario.ts';
import { openReference } from './reference.ts';
import { beginAll } from './speaking.ts';
import { Conversation, startTalk, type Talk } from './talk.ts';

/** Conversations that speak meanwhile. */
const SPEAKING = 100;
/** Conversations in which the measured messages are sent, in turn. */
const IDLE = 40;

export const latency: Scenario = {
  name: 'latency',
  title: 'From sendMessage to TurnStarted',
  method:
    'While other conversations speak at HUMAN pace, a message is sent to one that does not; the time from before the request until its TurnStarted is heard. Before each one, in the same place, three commits of a row in PostgreSQL and three round trips through a channel of Redis are timed, one after another: what the same stores take for that alone, and what a busy machine adds to it.',
  async run({ count = 200 }) {
    const talk = await startTalk({ WORKER_GRACE_MS: '1' });
    try {
      const speakers = await Conversation.openMany(talk.system, SPEAKING);
      const idle = await Conversation.openMany(talk.system, IDLE);
      await beginAll(speakers);
      const { started, reference } = await measureLatency(talk, idle, count);
      const row = (name: string, values: readonly number[]) =>
        `| ${name} | ${[50, 95, 99, 100].map((p) => percentile(values, p).toFixed(1)).join(' | ')} |`;
      const goal = `sendMessage to TurnStarted heard, ${SPEAKING} conversations speaking`;
      return {
        findings: [
          atMost(`${goal}: p50`, 15, percentile(started, 50), ' ms'),
          atMost(`${goal}: p99`, 50, percentile(started, 99), ' ms'),
        ],
        details: [
          `${count} messages.`,
          '',
          '| milliseconds | p50 | p95 | p99 | longest |',
          '|---|---|---|---|---|',
          row('sendMessage to TurnStarted heard', started),
          row('three commits and three messages alone', reference),
        ],
      };
    } finally {
      await talk.stop();
    }
  },
};

/** Sends messages one after another, and returns how long each took until its TurnStarted was heard, in milliseconds. */
export async function measureLatency(
  { system }: Talk,
  idle: readonly Conversation[],
  sends: number,
): Promise<{ started: number[]; reference: number[] }> {
  const store = await openReference(system.env);
  const started: number[] = [];
  const reference: number[] = [];
  try {
    for (let i = -10; i < sends; i++) {
      const conversation = idle[(i + 10) % idle.length];
      if (!conversation) throw new Error('there are no conversations');
      const alone = await store.time();
      const heard = conversation.next('TurnStarted');
      const begun = performance.now();
      await Promise.all([conversation.send('Hello'), heard]);
      if (i < 0) continue;
      started.push(performance.now() - begun);
      reference.push(alone);
    }
  } finally {
    await store.close();
  }
  const faults = idle.flatMap((conversation) => conversation.faults);
  if (faults.length > 0) throw new Error(`${faults.length} faults: ${faults.slice(0, 3).join('; ')}`);
  return { started, reference };
}
