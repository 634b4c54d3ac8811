import { Audience } from './audience.ts';
import type { Contender, ContenderName } from './contender.ts';
import { withContenders } from './contenders.ts';
import { interleaved, type Rounds } from './rounds.ts';

export interface DeliverySizes {
  /** Processor time of the server that one measurement takes, in seconds. */
  seconds: number;
  rounds: number;
  conversations: number;
  /** Listeners of each conversation. */
  listeners: number;
}

/** Processor time for which each server delivers before it is measured, so that what is hot is compiled, in seconds. */
const WARM_SECONDS = 0.7;

/** Tokens that listeners hear per second of the server's processor time, of each server in each round. */
export function measureDelivery(
  names: readonly ContenderName[],
  { seconds, rounds, conversations, listeners }: DeliverySizes,
): Promise<Rounds> {
  return withContenders(names, async (contenders) => {
    const audiences = new Map<ContenderName, Audience>();
    for (const contender of contenders)
      audiences.set(contender.name, await Audience.open(contender, conversations, listeners));
    const measure = async ({ process, ...contender }: Contender, cpuSeconds = seconds) => {
      const audience = audiences.get(contender.name);
      if (!audience) return Number.NaN;
      const begun = { cpu: process.cpuSeconds(), heard: audience.delivered };
      while (process.cpuSeconds() - begun.cpu < cpuSeconds) await audience.round();
      audience.check();
      return (audience.delivered - begun.heard) / (process.cpuSeconds() - begun.cpu);
    };
    for (const contender of contenders) await measure(contender, WARM_SECONDS);
    const measured = await interleaved(contenders, rounds, measure);
    await Promise.all([...audiences.values()].map((audience) => audience.close()));
    return measured;
  });
}
