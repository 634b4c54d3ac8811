import { atLeast, type Scenario } from '../../scenario.ts';
import { CONTENDERS, type ContenderName } from '../contender.ts';
import { measureDelivery } from '../measure-delivery.ts';
import { medianOf, ratiosOf, tableOf } from '../rounds.ts';

const GRAPHQL_PEERS = ['apollo', 'yoga', 'mercurius'] as const;

export const tokens: Scenario = {
  name: 'tokens',
  title: 'Tokens per CPU second',
  method:
    'Conversations with one listener each, every listener on a socket of its own. A token of each conversation is published in one piece; when all listeners have heard theirs, the next is published. Tokens that listeners heard, divided by the processor time of the server.',
  async run({ seconds = 0.5, rounds = 5, count = 200 }) {
    const measured = await measureDelivery(CONTENDERS, {
      seconds,
      rounds,
      conversations: count,
      listeners: 1,
    });
    const ratio = (name: ContenderName) => medianOf(ratiosOf(measured, name));
    const best = Math.max(...GRAPHQL_PEERS.map(ratio));
    return {
      findings: [
        atLeast('tokens per server CPU second, as a share of bare', 0.85, ratio('taskflow')),
        atLeast('the same, compared with the best GraphQL peer', 2, ratio('taskflow') / best, ' times'),
      ],
      details: [
        `${count} conversations, ${rounds} rounds of ${seconds} s of processor time.`,
        '',
        ...tableOf(measured, 'tokens per CPU second'),
      ],
    };
  },
};
