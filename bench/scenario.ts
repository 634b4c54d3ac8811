/** What can be chosen on the command line. Unset sizes are the scenario's own. */
interface Sizes {
  /** Seconds that one measurement takes; of the server's processor time where that is measured. */
  seconds?: number | undefined;
  rounds?: number | undefined;
  /** Conversations, subscriptions or turns, whatever the scenario has many of. */
  count?: number | undefined;
}

export interface Scenario {
  /** The name for `--only`. */
  readonly name: string;
  readonly title: string;
  /** What is measured and how, for the page. */
  readonly method: string;
  run(sizes: Sizes): Promise<Outcome>;
}

export interface Outcome {
  readonly findings: readonly Finding[];
  /** Lines of Markdown with what was measured beside the goals. */
  readonly details: readonly string[];
}

/** One goal and what was measured. */
export interface Finding {
  readonly what: string;
  readonly goal: string;
  readonly measured: string;
  readonly isReached: boolean;
}

/** A finding whose goal is a value that must not be exceeded. */
export function atMost(what: string, goal: number, measured: number, unit = ''): Finding {
  const isReached = measured <= goal;
  return { what, goal: `at most ${goal}${unit}`, measured: `${rounded(measured)}${unit}`, isReached };
}

/** A finding whose goal is a value that must be reached. */
export function atLeast(what: string, goal: number, measured: number, unit = ''): Finding {
  const isReached = measured >= goal;
  return { what, goal: `at least ${goal}${unit}`, measured: `${rounded(measured)}${unit}`, isReached };
}

const rounded = (value: number): string =>
  value < 10 ? value.toFixed(2) : value.toFixed(value < 100 ? 1 : 0);
