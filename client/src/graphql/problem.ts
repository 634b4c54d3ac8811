import { limitedFor, type Problem } from '@taskflow/client/core';
import type { CombinedError } from '@urql/core';
import type { FailureFragment } from '../gql/graphql.ts';
import { texts } from '../texts.ts';

/** A server that answers with neither data nor an error. */
export const UNEXPECTED: Problem = { text: texts.problems.unexpected, retryable: true };

type Payload = FailureFragment | { __typename: string };

/**
 * The problem in a mutation's result, or null when it succeeded. Any result that is not a success is a problem, because
 * more errors may be added to results.
 */
export function problemOf(error: CombinedError | undefined, payload: Payload | undefined): Problem | null {
  if (error?.networkError) return { text: texts.problems.network, retryable: true };
  const retryAfterMs = limitedFor(error?.graphQLErrors ?? []);
  if (retryAfterMs > 0) return rateLimited(retryAfterMs);
  if (error) return { text: codeText(error), retryable: false };
  if (!payload) return UNEXPECTED;
  return isFailure(payload) ? failureProblem(payload) : null;
}

function rateLimited(retryAfterMs: number): Problem {
  return { text: texts.problems.rateLimited(Math.ceil(retryAfterMs / 1_000)), retryable: true };
}

function failureProblem(failure: FailureFragment): Problem {
  switch (failure.__typename) {
    case 'InvalidInputError':
      return {
        text: [...new Set(failure.fieldErrors.map(fieldText))].join(' ') || texts.problems.invalidInput,
        retryable: false,
      };
    case 'RateLimitedError':
      return rateLimited(failure.retryAfterMs);
    case 'BudgetExceededError':
      return { text: texts.problems.overBudget(failure.resetsAt), retryable: true };
    case 'BusyError':
      return { text: texts.problems.busy, retryable: true };
    case 'UnavailableError':
      return { text: texts.problems.unavailable, retryable: true };
    case 'ForbiddenError':
      return { text: texts.problems.forbidden, retryable: false };
    case 'NotFoundError':
      return { text: texts.problems.notFound, retryable: false };
    default:
      return { text: texts.problems.unexpected, retryable: false };
  }
}

/** A text of the client's own, because the server's messages are for developers. */
function fieldText({ path }: { path: string }): string {
  return texts.problems.invalid[path] ?? texts.problems.invalidInput;
}

function isFailure(payload: Payload): payload is FailureFragment {
  return !payload.__typename.endsWith('Success');
}

function codeText(error: CombinedError): string {
  const code = error.graphQLErrors[0]?.extensions?.code;
  if (code === 'UNAUTHENTICATED') return texts.problems.unauthenticated;
  if (code === 'FORBIDDEN') return texts.problems.forbidden;
  return texts.problems.unexpected;
}
