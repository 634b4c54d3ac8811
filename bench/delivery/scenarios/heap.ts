import { atMost, type Scenario } from '../../scenario.ts';
import { Audience } from '../audience.ts';
import { CONTENDERS, type Contender } from '../contender.ts';
import { withContenders } from '../contenders.ts';
import { interleaved, medianOf, tableOf } from '../rounds.ts';

/** Subscriptions that are opened and closed first: what a server makes once is there then. */
const WARM = 100;

export const heap: Scenario = {
  name: 'heap',
  title: 'Live heap per idle subscription',
  method:
    'Heap in use after a full garbage collection, before and after subscriptions are opened, each to a conversation of its own and on a socket of its own; the difference divided by their number. The same for every server.',
  async run({ rounds = 3, count = 500 }) {
    const measured = await withContenders(CONTENDERS, async (contenders) => {
      const measure = async (contender: Contender, subscriptions = count) => {
        const before = await contender.process.ask('heap');
        const audience = await Audience.open(contender, subscriptions);
        const after = await contender.process.ask('heap');
        await audience.close();
        return (after - before) / subscriptions / 1_000;
      };
      for (const contender of contenders) await measure(contender, WARM);
      return interleaved(contenders, rounds, (contender) => measure(contender));
    });
    return {
      findings: [
        atMost('live heap per idle subscription', 10, medianOf(measured.get('taskflow') ?? []), ' KB'),
      ],
      details: [
        `${count} subscriptions, ${rounds} rounds.`,
        '',
        ...tableOf(measured, 'KB per subscription', 1),
      ],
    };
  },
};
