import { setTimeout as delay } from 'node:timers/promises';
import { atLeast, atMost, type Scenario } from '../../scenario.ts';
import { Audience } from '../audience.ts';
import { withContenders } from '../contenders.ts';

/** Conversations that the subscriptions share evenly. */
const CONVERSATIONS = 100;
/** Time after the last subscription until the server counts as idle, in milliseconds. */
const SETTLE_MS = 3_000;
/** Tokens that each conversation says while no client is subscribed to it. */
const MISSED = 5;
const BACK_WITHIN_MS = 15_000;

export const reconnect: Scenario = {
  name: 'reconnect',
  title: 'Idle subscriptions, and all of them coming back at once',
  method: `TaskFlow alone. Subscriptions to ${CONVERSATIONS} conversations, each on a socket of its own, without limits per address. First nothing happens: the processor time of the server is its share of a core. Then all sockets are cut, each conversation says ${MISSED} tokens, and all listeners connect at once and resume after their last cursor, trying again after half a second where they are refused. Caught up is who has heard every token once and in order ${BACK_WITHIN_MS / 1_000} s later. Goals are for 5,000 idle and 20,000 that come back; the numbers below are of the size that was run.`,
  async run({ seconds = 5, count = 2_000 }) {
    const { idle, back } = await withContenders(['taskflow'], async ([taskflow]) => {
      if (!taskflow) throw new Error('TaskFlow did not start');
      const audience = await Audience.open(taskflow, CONVERSATIONS, Math.ceil(count / CONVERSATIONS));
      await delay(SETTLE_MS);
      const before = { cpu: taskflow.process.cpuSeconds(), at: performance.now() };
      await delay(seconds * 1_000);
      const used = taskflow.process.cpuSeconds() - before.cpu;
      const share = (used * 100_000) / (performance.now() - before.at);
      await taskflow.process.ask('watchLoop');
      const returned = await audience.cutAndReturn(MISSED, BACK_WITHIN_MS);
      const longest = await taskflow.process.ask('longestBlock');
      await audience.close();
      return { idle: share, back: { ...returned, longest } };
    });
    return {
      findings: [
        atMost(`share of a core with ${count} idle subscriptions`, 2, idle, ' %'),
        atLeast(`of ${count} listeners cut at once, caught up within 15 s`, count, back.caughtUp),
        atMost('refused meanwhile', 0, back.refused),
      ],
      details: [
        `- ${count} idle subscriptions: ${idle.toFixed(2)} % of a core over ${seconds} s.`,
        `- Cut at once: ${back.caughtUp} caught up after ${(back.tookMs / 1_000).toFixed(1)} s, ${back.refused} refusals; the longest block of the event loop was ${back.longest.toFixed(0)} ms.`,
      ],
    };
  },
};
