import { percentile } from '../percentiles.ts';
import type { Contender, ContenderName } from './contender.ts';

/** What was measured of each server, a value per round. */
export type Rounds = ReadonlyMap<ContenderName, readonly number[]>;

/** Measures every server once a round, in an order that turns, so that what else the machine does meets all of them. */
export async function interleaved(
  contenders: readonly Contender[],
  rounds: number,
  measure: (contender: Contender) => Promise<number>,
): Promise<Rounds> {
  const values = new Map<ContenderName, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (let i = 0; i < contenders.length; i++) {
      const contender = contenders[(round + i) % contenders.length];
      if (contender) values.get(contender.name)?.push(await measure(contender));
    }
  return values;
}

export const medianOf = (values: readonly number[]): number => percentile(values, 50);

/** The values of a server as shares of bare's, round by round. */
export function ratiosOf(rounds: Rounds, name: ContenderName): number[] {
  const bare = rounds.get('bare') ?? [];
  return (rounds.get(name) ?? []).map((value, round) => value / (bare[round] ?? Number.NaN));
}

/** A table of Markdown: median and spread of each server, and the same as a ratio to bare. */
export function tableOf(rounds: Rounds, unit: string, digits = 0): string[] {
  const spread = (values: readonly number[], places: number) =>
    `${medianOf(values).toFixed(places)} (${Math.min(...values).toFixed(places)} to ${Math.max(...values).toFixed(places)})`;
  return [
    `| server | ${unit} | ratio to bare |`,
    '|---|---|---|',
    ...[...rounds].map(
      ([name, values]) => `| ${name} | ${spread(values, digits)} | ${spread(ratiosOf(rounds, name), 2)} |`,
    ),
  ];
}
