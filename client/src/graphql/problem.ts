import { limitedFor, type Problem } from '@taskflow/client/core';
import type { CombinedError } from '@urql/core';
import { LONGEST_TITLE, MAX_LENGTH } from '../composer/limit.ts';
import type { FailureFragment } from '../gql/graphql.ts';
import { type Phrase, type Phrases, phrase } from '../language/phrase.ts';
import { ENGLISH, isTextName, type Translation } from '../language/translation.ts';

/** A problem that is put into words where it is shown. Its `text` is in English. */
export interface SaidProblem extends Problem {
  said: Phrases;
}

/** A server that answers with neither data nor an error. */
export const UNEXPECTED = problem(phrase('problems.unexpected'), true);

const INVALID: Record<string, Phrase> = {
  text: phrase('problems.invalid.text', { least: 1, most: MAX_LENGTH }),
  title: phrase('problems.invalid.title', { least: 1, most: LONGEST_TITLE }),
  model: phrase('problems.invalid.model'),
};

type Payload = FailureFragment | { __typename: string };

/**
 * The problem in a mutation's result, or null when it succeeded. Any result that is not a success is a problem, because
 * more errors may be added to results.
 */
export function problemOf(
  error: CombinedError | undefined,
  payload: Payload | undefined,
): SaidProblem | null {
  if (error?.networkError) return problem(phrase('problems.network'), true);
  const retryAfterMs = limitedFor(error?.graphQLErrors ?? []);
  if (retryAfterMs > 0) return rateLimited(retryAfterMs);
  if (error) return problem(codePhrase(error), false);
  if (!payload) return UNEXPECTED;
  return isFailure(payload) ? failureProblem(payload) : null;
}

/** After how many milliseconds the server takes the call again; 0: it does not say. */
export function waitOf(error: CombinedError | undefined, payload: Payload | undefined): number {
  if (payload && 'retryAfterMs' in payload) return payload.retryAfterMs;
  return limitedFor(error?.graphQLErrors ?? []);
}

/**
 * The words of a problem. One that was stored by another release of the page may have no phrase, or one that this release does
 * not know.
 */
export function wordsOf(problem: Problem | SaidProblem, { say }: Pick<Translation, 'say'>): string {
  const phrases = 'said' in problem ? [problem.said].flat() : [];
  return phrases.length > 0 && phrases.every(({ name }) => isTextName(name)) ? say(phrases) : problem.text;
}

function problem(said: Phrases, retryable: boolean): SaidProblem {
  return { said, text: ENGLISH.say(said), retryable };
}

function rateLimited(retryAfterMs: number): SaidProblem {
  return problem(phrase('problems.rateLimited', { seconds: Math.ceil(retryAfterMs / 1_000) }), true);
}

function failureProblem(failure: FailureFragment): SaidProblem {
  switch (failure.__typename) {
    case 'InvalidInputError':
      return problem(invalidPhrases(failure.fieldErrors.map(({ path }) => path)), false);
    case 'RateLimitedError':
      return rateLimited(failure.retryAfterMs);
    case 'BudgetExceededError':
      return problem(phrase('problems.overBudget', { resetsAt: failure.resetsAt }), true);
    case 'BusyError':
      return problem(phrase('problems.busy'), true);
    case 'UnavailableError':
      return problem(phrase('problems.unavailable'), true);
    case 'ForbiddenError':
      return problem(phrase('problems.forbidden'), false);
    case 'NotFoundError':
      return problem(phrase('problems.notFound'), false);
    default:
      return problem(phrase('problems.unexpected'), false);
  }
}

/** Texts of the client's own, because the server's messages are for developers. */
function invalidPhrases(paths: readonly string[]): Phrase[] {
  const phrases = paths.map((path) => INVALID[path] ?? phrase('problems.invalidInput'));
  const unique = new Map(phrases.map((one) => [one.name, one]));
  return unique.size > 0 ? [...unique.values()] : [phrase('problems.invalidInput')];
}

function isFailure(payload: Payload): payload is FailureFragment {
  return !payload.__typename.endsWith('Success');
}

function codePhrase(error: CombinedError): Phrase {
  const code = error.graphQLErrors[0]?.extensions?.code;
  if (code === 'UNAUTHENTICATED') return phrase('problems.unauthenticated');
  if (code === 'FORBIDDEN') return phrase('problems.forbidden');
  return phrase('problems.unexpected');
}
