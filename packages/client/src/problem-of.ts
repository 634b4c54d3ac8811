import type { FailureFragment } from './gql/graphql.ts';
import type { Outcome } from './operation.ts';
import { limitedFor, type Problem } from './problem.ts';

type Result = FailureFragment | { __typename: string };

/** A problem, and after how many milliseconds the server takes another call. */
interface Waiting {
  problem: Problem;
  waitMs: number;
}

/**
 * Why an operation has failed; null when it has not. `result` is that of a mutation: any that is not a success is a problem,
 * because more errors may be added to results. `retryable`: repeating it may help without a change.
 */
export function problemOf(
  { data, errors: [error] }: Outcome<unknown>,
  result?: Result | null,
): Waiting | null {
  if (error) return problem(error.message, String(error.extensions?.code), limitedFor([error]));
  if (!data) return { problem: { text: 'The server cannot be reached.', retryable: true }, waitMs: 0 };
  if (!result || result.__typename.endsWith('Success')) return null;
  const { __typename: code } = result;
  const text = 'message' in result ? result.message : code;
  return problem(text, code, 'retryAfterMs' in result ? result.retryAfterMs : 0);
}

function problem(text: string, code: string, waitMs: number): Waiting {
  return { problem: { text, retryable: RETRYABLE.test(code), code }, waitMs };
}

/** Codes, and types of errors, of what passes. */
const RETRYABLE = /unavailable|limited|busy|budget|unknown|internal/i;
