import { CombinedError } from '@urql/core';
import { expect, it } from 'vitest';
import { phrase } from '../language/phrase.ts';
import { ENGLISH } from '../language/translation.ts';
import { problemOf, wordsOf } from './problem.ts';

it('success is no problem', () => {
  expect(problemOf(undefined, { __typename: 'SendMessageSuccess' })).toBeNull();
});

it('each kind of failure has a text, and says whether another try may help', () => {
  const invalid = {
    __typename: 'InvalidInputError',
    message: 'Invalid input',
    fieldErrors: [{ __typename: 'FieldError', path: 'text', message: 'must not be empty' }],
  } as const;
  expect(problemOf(undefined, invalid)).toMatchObject({
    text: expect.stringContaining('1 and 32,000'),
    retryable: false,
  });
  const odd = { ...invalid, fieldErrors: [{ ...invalid.fieldErrors[0], path: 'new' }] };
  expect(problemOf(undefined, odd)).toMatchObject({
    said: [phrase('problems.invalidInput')],
    retryable: false,
  });
  const limited = { __typename: 'RateLimitedError', message: '', retryAfterMs: 1_200 } as const;
  expect(problemOf(undefined, limited)).toMatchObject({
    text: expect.stringContaining('2 s'),
    retryable: true,
  });
  const spent = {
    __typename: 'BudgetExceededError',
    message: '',
    resetsAt: '2026-11-27T00:00:00.000Z',
  } as const;
  expect(problemOf(undefined, spent)).toMatchObject({
    text: expect.stringContaining('used up'),
    retryable: true,
  });
  const unavailable = { __typename: 'UnavailableError', message: '' } as const;
  expect(problemOf(undefined, unavailable)?.retryable).toBe(true);
  const gone = { __typename: 'NotFoundError', message: '' } as const;
  expect(problemOf(undefined, gone)?.retryable).toBe(false);
});

it('an error that this client does not know is a problem, too', () => {
  const unexpected = { said: phrase('problems.unexpected'), retryable: false };
  expect(problemOf(undefined, { __typename: 'Refusal' })).toMatchObject(unexpected);
});

it('a query that came too soon can be repeated, and says when', () => {
  const extensions = { code: 'RATE_LIMITED', retryAfterMs: 2_500 };
  const error = new CombinedError({ graphQLErrors: [{ message: 'no', extensions }] });
  expect(problemOf(error, undefined)).toMatchObject({
    text: expect.stringContaining('3 s'),
    retryable: true,
  });
});

it('a lost network can be tried again, being signed out cannot', () => {
  const network = new CombinedError({ networkError: new Error('x') });
  expect(problemOf(network, undefined)?.retryable).toBe(true);
  const auth = new CombinedError({
    graphQLErrors: [{ message: 'no', extensions: { code: 'UNAUTHENTICATED' } }],
  });
  expect(problemOf(auth, undefined)).toMatchObject({
    text: expect.stringContaining('signed in'),
    retryable: false,
  });
});

it('what another release has stored is shown as it was worded', () => {
  const stored = { text: 'In words of before', retryable: true };
  expect(wordsOf(stored, ENGLISH)).toBe('In words of before');
  expect(wordsOf({ ...stored, said: { name: 'problems.gone' as 'problems.busy' } }, ENGLISH)).toBe(
    stored.text,
  );
  expect(wordsOf({ ...stored, said: phrase('problems.forbidden') }, ENGLISH)).toBe(
    'You are not allowed to do that.',
  );
});
