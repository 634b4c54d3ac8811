import { describe, expect, test } from 'vitest';
import { type Explored, explore, LOST_WORDS } from './turn-explorer.ts';

/** How many conversations are explored; EXPLORER_RUNS sets another number, EXPLORER_SEED the first seed. */
const RUNS = Number(process.env.EXPLORER_RUNS ?? 5_000);
const FIRST = Number(process.env.EXPLORER_SEED ?? 1);

/** Explores so many, and answers the shortest trace of one that broke an invariant. */
async function shortestBroken(
  runs: number,
  options: { faults: boolean; losses: boolean },
  allows: (violation: string) => boolean = () => false,
): Promise<string | null> {
  let shortest: (Explored & { seed: number }) | null = null;
  for (let seed = FIRST; seed < FIRST + runs; seed++) {
    const explored = await explore({ ...options, seed });
    if (explored.violations.every(allows)) continue;
    if (!shortest || explored.trace.length < shortest.trace.length) shortest = { ...explored, seed };
  }
  return shortest && `seed ${shortest.seed}\n${shortest.trace.join('\n')}\n${shortest.violations.join('\n')}`;
}

describe('the life of a turn, explored at random', () => {
  const part = Math.ceil(RUNS / 5);

  test(`holds its invariants whatever is done at once (${part} runs)`, async () => {
    expect(await shortestBroken(part, { faults: false, losses: false })).toBeNull();
  });

  test(`holds them whoever crashes, whatever reply is lost, whichever store is away (${3 * part} runs)`, async () => {
    expect(await shortestBroken(3 * part, { faults: true, losses: false })).toBeNull();
  });

  test(`loses no more than words that nobody else knew when Redis has lost all (${part} runs)`, async () => {
    const allows = (violation: string) => violation.startsWith(LOST_WORDS);
    expect(await shortestBroken(part, { faults: true, losses: true }, allows)).toBeNull();
  });
});
