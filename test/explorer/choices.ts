import { SeededRandom } from '../support/seeded-random.ts';

/** The numbers drawn at each step, in [0, 1): first those of the steps with faults, then those of the calm steps at the end. */
export interface Recorded {
  steps: readonly (readonly number[])[];
  rest: readonly (readonly number[])[];
}

/** The choices of a run: drawn from a seed and recorded, or replayed from a record. */
export class Choices {
  readonly #random: SeededRandom;
  readonly #replayed: Recorded | null;
  readonly #drawn: { steps: number[][]; rest: number[][] } = { steps: [], rest: [] };
  #part: 'steps' | 'rest' = 'steps';

  constructor(seed: number, replayed: Recorded | null) {
    this.#random = new SeededRandom(`turn ${seed}`);
    this.#replayed = replayed;
  }

  /** Everything drawn so far. */
  get recorded(): Recorded {
    return this.#drawn;
  }

  /** The number of steps to replay; null when they are drawn. */
  get length(): number | null {
    return this.#replayed?.steps.length ?? null;
  }

  /** Begins the next step. */
  step(): void {
    this.#drawn[this.#part].push([]);
  }

  /** Begins the calm part at the end. */
  rest(): void {
    this.#part = 'rest';
  }

  /** A number in [0, 1), to compare with a probability; 1 when a replayed step has no such choice: then nothing happens. */
  next(): number {
    return this.#next(1);
  }

  /** A whole number in [0, count); 0 when a replayed step has no such choice. */
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
