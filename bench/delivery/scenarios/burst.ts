import { atMost, type Scenario } from '../../scenario.ts';
import { Audience } from '../audience.ts';
import { CONTENDERS, type Contender } from '../contender.ts';
import { withContenders } from '../contenders.ts';
import { interleaved, medianOf, tableOf } from '../rounds.ts';

const CONVERSATIONS = 100;

export const burst: Scenario = {
  name: 'burst',
  title: 'Longest block of the event loop under a burst',
  method: `Messages of ${CONVERSATIONS} conversations with one listener each are published in one transaction of Redis, which sends them all at once. The longest time between two turns of the server's event loop until all are heard, by monitorEventLoopDelay within each server. It is wall time: what else runs on the machine adds to it.`,
  async run({ rounds = 5, count = 20_000 }) {
    const measured = await withContenders(CONTENDERS, async (contenders) => {
      const audiences = new Map<Contender, Audience>();
      for (const contender of contenders)
        audiences.set(contender, await Audience.open(contender, CONVERSATIONS));
      const measure = async (contender: Contender) => {
        const audience = audiences.get(contender);
        await contender.process.ask('watchLoop');
        await audience?.round(Math.ceil(count / CONVERSATIONS));
        audience?.check();
        return contender.process.ask('longestBlock');
      };
      for (const contender of contenders) await measure(contender);
      const values = await interleaved(contenders, rounds, measure);
      await Promise.all([...audiences.values()].map((audience) => audience.close()));
      return values;
    });
    const longest = medianOf(measured.get('taskflow') ?? []);
    return {
      findings: [
        atMost(
          `longest block of the event loop under a burst of ${count} messages (median of rounds)`,
          30,
          longest,
          ' ms',
        ),
      ],
      details: [`${rounds} bursts.`, '', ...tableOf(measured, 'longest block, ms', 1)],
    };
  },
};
