import { ScopedValue } from '../../core/async/scoped-value.ts';

/** The outcome of an operation, for metrics and the log. */
export interface OperationOutcome {
  /** The failures that it returned as data, in order: at most {@link MAX_FAILURES}. */
  failures: Error[];
}

/** An operation may have many fields, but its line has the cause of one. */
const MAX_FAILURES = 10;

const running = new ScopedValue<OperationOutcome>();

/** Wraps the execution of an operation, so that `outcome` holds what {@link recordFailure} records in it. */
export function recordingOutcome<Args extends unknown[], Result>(
  outcome: OperationOutcome,
  run: (...args: Args) => Result,
) {
  return (...args: Args): Result => running.run(outcome, () => run(...args));
}

/** Records the error of a resolver that is returned as data in the outcome of the running operation. */
export function recordFailure(error: Error): void {
  const failures = running.current?.failures;
  if (failures && failures.length < MAX_FAILURES) failures.push(error);
}
