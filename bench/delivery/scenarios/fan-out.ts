import { atLeast, type Scenario } from '../../scenario.ts';
import { CONTENDERS } from '../contender.ts';
import { measureDelivery } from '../measure-delivery.ts';
import { medianOf, ratiosOf, tableOf } from '../rounds.ts';

export const fanOut: Scenario = {
  name: 'fan-out',
  title: 'One conversation with many listeners',
  method:
    'One conversation, every listener on a socket of its own. A token is published when all listeners have heard the one before. Deliveries per second of the processor time of the server.',
  async run({ seconds = 0.5, rounds = 5, count = 500 }) {
    const measured = await measureDelivery(CONTENDERS, {
      seconds,
      rounds,
      conversations: 1,
      listeners: count,
    });
    return {
      findings: [
        atLeast(
          `deliveries to ${count} listeners of one conversation per server CPU second, as a share of bare`,
          0.7,
          medianOf(ratiosOf(measured, 'taskflow')),
        ),
      ],
      details: [
        `${count} listeners, ${rounds} rounds of ${seconds} s of processor time.`,
        '',
        ...tableOf(measured, 'deliveries per CPU second'),
      ],
    };
  },
};
