import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { LOST_WORDS } from './heard.ts';
import { kindOf, shrink } from './shrink.ts';
import { type Explored, type ExploreOptions, explore, type ProcessFeed } from './turn-explorer.ts';

/** The number of runs, with two conversations each; EXPLORER_RUNS sets another number, EXPLORER_SEED the first seed. */
const RUNS = Number(process.env.EXPLORER_RUNS ?? 2_500);
const FIRST = Number(process.env.EXPLORER_SEED ?? 1);
/** How long a run may take, in milliseconds: about ten times as long as on an idle machine. */
const RUN_WITHIN_MS = 100;
/** After this many broken runs the search stops. */
const ENOUGH = 10;

type Allows = (violation: string) => boolean;
type Options = Omit<ExploreOptions, 'seed' | 'choices'>;

/** Explores this many runs. Returns the shortest one that breaks an invariant, shrunk; null if none does. */
async function shortestBroken(runs: number, options: Options, allows: Allows = () => false) {
  const broken: (Explored & { seed: number })[] = [];
  for (let seed = FIRST; seed < FIRST + runs && broken.length < ENOUGH; seed++) {
    // A run never waits for the event loop. The runner of the tests wants to be heard, too.
    await setImmediate();
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

  test(`holds its invariants under any interleaving (${part} runs)`, { timeout }, async () => {
    expect(await traceOfBroken(part, { faults: false, losses: false })).toBeNull();
  });

  test(`holds them when any process crashes, any reply is lost and any store is unavailable (${3 * part} runs)`, {
    timeout,
  }, async () => {
    expect(await traceOfBroken(3 * part, { faults: true, losses: false })).toBeNull();
  });

  test(`loses only words that nothing else knew when Redis has lost all its data (${part} runs)`, {
    timeout,
  }, async () => {
    const allows: Allows = (violation) => violation.startsWith(LOST_WORDS);
    expect(await traceOfBroken(part, { faults: true, losses: true }, allows)).toBeNull();
  });
});

describe('a run that breaks an invariant', () => {
  /** A feed in which a turn goes on after the row has interrupted it. */
  const breakFeed = (feed: ProcessFeed): ProcessFeed => ({
    ...feed,
    advance: (id, target) => feed.advance(id, { ...target, last: null }),
  });

  test('is the same when its choices are replayed', async () => {
    const options = { seed: 7, faults: true, losses: true };
    const first = await explore(options);
    const again = await explore({ ...options, choices: first.choices });
    const kinds = ({ trace }: Explored) => trace.map((line) => line.replace(/\b[0-9a-f]{4}\b/g, ''));
    expect(kinds(again)).toEqual(kinds(first));
  });

  test('is shrunk, and breaks the same invariant', async () => {
    const options = { faults: true, losses: false, breakFeed };
    const broken = await shortestBroken(ENOUGH, options);
    if (!broken) throw new Error('no invariant was broken');
    const { seed, choices } = broken;
    const whole = await explore({ ...options, seed });
    const shortest = await explore({ ...options, seed, choices });
    expect(kindOf(shortest)).toBe(kindOf(whole));
    // Of the 320 steps, two messages to one conversation are enough.
    expect(whole.choices.steps.length).toBeGreaterThan(300);
    expect(choices.steps.length).toBeLessThan(40);
  });
});
