import { SeededRandom } from '../support/seeded-random.ts';

/** What was drawn at each step, each in [0, 1): first while things happen, then while all of it comes to rest. */
export interface Recorded {
  steps: readonly (readonly number[])[];
  rest: readonly (readonly number[])[];
}

/** The choices of a run: drawn from a seed and recorded, or those of a recorded run again. */
export class Choices {
  readonly #random: SeededRandom;
  readonly #replayed: Recorded | null;
  readonly #drawn: { steps: number[][]; rest: number[][] } = { steps: [], rest: [] };
  #part: 'steps' | 'rest' = 'steps';

  constructor(seed: number, replayed: Recorded | null) {
    this.#random = new SeededRandom(`turn ${seed}`);
    this.#replayed = replayed;
  }

  /** All that was drawn so far. */
  get recorded(): Recorded {
    return this.#drawn;
  }

  /** How many steps there are to replay; null where they are drawn. */
  get length(): number | null {
    return this.#replayed?.steps.length ?? null;
  }

  /** From here on, what is drawn is of the next step. */
  step(): void {
    this.#drawn[this.#part].push([]);
  }

  /** From here on, all comes to rest. */
  rest(): void {
    this.#part = 'rest';
  }

  /** Whether something of this probability happens; a replayed step that has no such choice says no. */
  next(): number {
    return this.#next(1);
  }

  /** One of so many; a replayed step that has no such choice takes the first. */
  below(count: number): number {
    return Math.floor(this.#next(0) * count);
  }

  #next(missing: number): number {
    const steps = this.#drawn[this.#part];
    if (steps.length === 0) steps.push([]);
    const step = steps.at(-1) ?? [];
    const known = this.#replayed?.[this.#part][steps.length - 1]?.[step.length];
    const choice = known ?? (this.#replayed ? missing : this.#random.next());
    step.push(choice);
    return choice;
  }
}
