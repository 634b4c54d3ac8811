import { describe, expect, test } from 'vitest';
import { kindOf, shrink } from './shrink.ts';
import {
  type Explored,
  type ExploreOptions,
  explore,
  LOST_WORDS,
  type ProcessFeed,
} from './turn-explorer.ts';

/** How many runs are explored, of two conversations each; EXPLORER_RUNS sets another number, EXPLORER_SEED the first seed. */
const RUNS = Number(process.env.EXPLORER_RUNS ?? 2_500);
const FIRST = Number(process.env.EXPLORER_SEED ?? 1);
/** How long a run may take, in milliseconds: some ten times what it takes where nothing else runs. */
const RUN_WITHIN_MS = 100;
/** So many broken runs are enough to choose from. */
const ENOUGH = 10;

type Allows = (violation: string) => boolean;
type Options = Omit<ExploreOptions, 'seed' | 'choices'>;

/** Explores so many, and answers the shortest run that breaks an invariant as one that did, made as short as can be. */
async function shortestBroken(runs: number, options: Options, allows: Allows = () => false) {
  const broken: (Explored & { seed: number })[] = [];
  for (let seed = FIRST; seed < FIRST + runs && broken.length < ENOUGH; seed++) {
    const explored = await explore({ ...options, seed });
    const violations = explored.violations.filter((violation) => !allows(violation));
    if (violations.length > 0) broken.push({ ...explored, violations, seed });
  }
  const [first] = broken.sort((one, other) => one.trace.length - other.trace.length);
  if (!first) return null;
  const { seed } = first;
  return shrink(first, async (choices) => {
    const explored = await explore({ ...options, seed, choices });
    return { ...explored, violations: explored.violations.filter((it) => !allows(it)), seed };
  });
}

async function traceOfBroken(runs: number, options: Options, allows?: Allows): Promise<string | null> {
  const broken = await shortestBroken(runs, options, allows);
  return broken && `seed ${broken.seed}\n${broken.trace.join('\n')}\n${broken.violations.join('\n')}`;
}

describe('the life of a turn, explored at random', () => {
  const part = Math.ceil(RUNS / 5);
  const timeout = 20_000 + 3 * part * RUN_WITHIN_MS;

  test(`holds its invariants whatever is done at once (${part} runs)`, { timeout }, async () => {
    expect(await traceOfBroken(part, { faults: false, losses: false })).toBeNull();
  });

  test(`holds them whoever crashes, whatever reply is lost, whichever store is away (${3 * part} runs)`, {
    timeout,
  }, async () => {
    expect(await traceOfBroken(3 * part, { faults: true, losses: false })).toBeNull();
  });

  test(`loses no more than words that nobody else knew when Redis has lost all (${part} runs)`, {
    timeout,
  }, async () => {
    const allows: Allows = (violation) => violation.startsWith(LOST_WORDS);
    expect(await traceOfBroken(part, { faults: true, losses: true }, allows)).toBeNull();
  });
});

describe('a run that breaks an invariant', () => {
  /** A turn that the row has cut off goes on in the feed. */
  const breakFeed = (feed: ProcessFeed): ProcessFeed => ({
    ...feed,
    advance: (id, target) => feed.advance(id, { ...target, last: null }),
  });

  test('is the same when its choices are made again', async () => {
    const options = { seed: 7, faults: true, losses: true };
    const first = await explore(options);
    const again = await explore({ ...options, choices: first.choices });
    const kinds = ({ trace }: Explored) => trace.map((line) => line.replace(/\b[0-9a-f]{4}\b/g, ''));
    expect(kinds(again)).toEqual(kinds(first));
  });

  test('is made as short as can be, and breaks the same one', async () => {
    const options = { faults: true, losses: false, breakFeed };
    const broken = await shortestBroken(ENOUGH, options);
    if (!broken) throw new Error('no invariant was broken');
    const { seed, choices } = broken;
    const whole = await explore({ ...options, seed });
    const shortest = await explore({ ...options, seed, choices });
    expect(kindOf(shortest)).toBe(kindOf(whole));
    // Two messages to one conversation do it, of 320 steps.
    expect(whole.choices.steps.length).toBeGreaterThan(300);
    expect(choices.steps.length).toBeLessThan(40);
  });
});
