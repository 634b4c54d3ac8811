import type { Recorded } from './choices.ts';

/** A run that broke an invariant: the violations, a trace with a line for each step, and the choices. */
export interface Broken {
  violations: readonly string[];
  trace: readonly string[];
  choices: Recorded;
}

/** The most runs of one shrinking. */
const MOST_RUNS = 3_000;

/**
 * The shortest run, derived from a broken one, that still breaks the same invariant: leaves out parts of its steps, the
 * largest first, then single choices, until nothing more can be left out (delta debugging). `run` replays choices.
 */
export async function shrink<T extends Broken>(
  broken: T,
  run: (choices: Recorded) => Promise<T>,
  mostRuns = MOST_RUNS,
): Promise<T> {
  const kind = kindOf(broken);
  let shortest = broken;
  let runs = 0;
  const isShorter = async (choices: Recorded): Promise<boolean> => {
    if (runs++ >= mostRuns) return false;
    const tried = await run(choices);
    if (kindOf(tried) !== kind || tried.trace.length > shortest.trace.length) return false;
    shortest = { ...tried, choices };
    return true;
  };

  await isShorter({ steps: broken.choices.steps, rest: [] });
  let length: number;
  do {
    length = sizeOf(shortest.choices);
    for (const part of ['steps', 'rest'] as const) await leaveOut(part);
    for (let at = 0; at < shortest.choices.steps.length; at++) await leaveChoices(at);
  } while (sizeOf(shortest.choices) < length && runs < mostRuns);
  return shortest;

  /** Leaves out sequences of steps, half of them first, single ones last. */
  async function leaveOut(part: keyof Recorded): Promise<void> {
    let size = Math.ceil(shortest.choices[part].length / 2);
    while (size >= 1) {
      let at = 0;
      while (at < shortest.choices[part].length) {
        const steps = shortest.choices[part].toSpliced(at, size);
        if (!(await isShorter({ ...shortest.choices, [part]: steps }))) at += size;
      }
      size = size === 1 ? 0 : Math.ceil(size / 2);
    }
  }

  /** Leaves out the last choices of a step: then nothing happens, and the process that has waited longest goes on. */
  async function leaveChoices(at: number): Promise<void> {
    while (true) {
      const { steps } = shortest.choices;
      const step = steps[at] ?? [];
      if (step.length === 0) return;
      if (!(await isShorter({ ...shortest.choices, steps: steps.with(at, step.slice(0, -1)) }))) return;
    }
  }
}

function sizeOf({ steps, rest }: Recorded): number {
  return [...steps, ...rest].reduce((sum, step) => sum + 1 + step.length, 0);
}

/** The invariant that was broken first, without details; null: none. */
export function kindOf({ violations }: Pick<Broken, 'violations'>): string | null {
  return violations[0]?.replace(/"[^"]*"|\d+/g, '').split('\n')[0] ?? null;
}
