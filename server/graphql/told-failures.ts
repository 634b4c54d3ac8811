import { AsyncLocalStorage } from 'node:async_hooks';

/** The failures that callers are told of as data, by their types' names. */
const FAILURES = ['NotFoundError', 'InvalidInputError', 'RateLimitedError', 'UnavailableError'] as const;
export type ToldFailure = (typeof FAILURES)[number];

/** What the operation that runs has told its caller. */
export interface Told {
  failure: ToldFailure | null;
}

const operation = new AsyncLocalStorage<Told>();

/** Runs an operation; `told` then holds the last failure that it told as data. */
export function noting<Args extends unknown[], Result>(told: Told, run: (...args: Args) => Result) {
  return (...args: Args): Result => operation.run(told, run, ...args);
}

/** A resolver's error has become data. */
export function noteFailure({ name }: Error): void {
  const told = operation.getStore();
  const failure = FAILURES.find((each) => each === name);
  if (told && failure) told.failure = failure;
}
