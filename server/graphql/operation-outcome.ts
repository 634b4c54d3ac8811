import { ScopedValue } from '../../core/async/scoped-value.ts';

/** The failures that operations return as data, by the names of their types. */
const FAILURES = [
  'NotFoundError',
  'InvalidInputError',
  'RateLimitedError',
  'BudgetExceededError',
  'UnavailableError',
] as const;
export type OperationFailure = (typeof FAILURES)[number];

/** The outcome of an operation, for metrics. */
export interface OperationOutcome {
  /** The last failure that it returned as data; null when it returned none. */
  failure: OperationFailure | null;
}

const running = new ScopedValue<OperationOutcome>();

/** Wraps the execution of an operation, so that `outcome` holds what {@link recordFailure} records in it. */
export function recordingOutcome<Args extends unknown[], Result>(
  outcome: OperationOutcome,
  run: (...args: Args) => Result,
) {
  return (...args: Args): Result => running.run(outcome, () => run(...args));
}

/** Records the error of a resolver that is returned as data in the outcome of the running operation. */
export function recordFailure({ name }: Error): void {
  const outcome = running.current;
  const failure = FAILURES.find((each) => each === name);
  if (outcome && failure) outcome.failure = failure;
}
