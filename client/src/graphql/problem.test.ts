import { CombinedError } from '@urql/core';
import { expect, it } from 'vitest';
import { texts } from '../texts.ts';
import { problemOf } from './problem.ts';

it('success is no problem', () => {
  expect(problemOf(undefined, { __typename: 'SendMessageSuccess' })).toBeNull();
});

it('each kind of failure has a text, and says whether another try may help', () => {
  const invalid = {
    __typename: 'InvalidInputError',
    message: 'Invalid input',
    fieldErrors: [{ __typename: 'FieldError', path: 'text', message: 'must not be empty' }],
  } as const;
  expect(problemOf(undefined, invalid)).toEqual({ text: texts.problems.invalid.text, retryable: false });
  const odd = { ...invalid, fieldErrors: [{ ...invalid.fieldErrors[0], path: 'new' }] };
  expect(problemOf(undefined, odd)).toEqual({ text: texts.problems.invalidInput, retryable: false });
  const limited = { __typename: 'RateLimitedError', message: '', retryAfterMs: 1_200 } as const;
  expect(problemOf(undefined, limited)).toEqual({ text: expect.stringContaining('2 s'), retryable: true });
  const spent = {
    __typename: 'BudgetExceededError',
    message: '',
    resetsAt: '2026-11-27T00:00:00.000Z',
  } as const;
  expect(problemOf(undefined, spent)).toEqual({ text: expect.stringContaining('used up'), retryable: true });
  const unavailable = { __typename: 'UnavailableError', message: '' } as const;
  expect(problemOf(undefined, unavailable)?.retryable).toBe(true);
  const gone = { __typename: 'NotFoundError', message: '' } as const;
  expect(problemOf(undefined, gone)?.retryable).toBe(false);
});

it('an error that this client does not know is a problem, too', () => {
  const unexpected = { text: texts.problems.unexpected, retryable: false };
  expect(problemOf(undefined, { __typename: 'Refusal' })).toEqual(unexpected);
});

it('a query that came too soon can be repeated, and says when', () => {
  const extensions = { code: 'RATE_LIMITED', retryAfterMs: 2_500 };
  const error = new CombinedError({ graphQLErrors: [{ message: 'no', extensions }] });
  expect(problemOf(error, undefined)).toEqual({ text: expect.stringContaining('3 s'), retryable: true });
});

it('a lost network can be tried again, being signed out cannot', () => {
  const network = new CombinedError({ networkError: new Error('x') });
  expect(problemOf(network, undefined)?.retryable).toBe(true);
  const auth = new CombinedError({
    graphQLErrors: [{ message: 'no', extensions: { code: 'UNAUTHENTICATED' } }],
  });
  expect(problemOf(auth, undefined)).toEqual({
    text: expect.stringContaining('signed in'),
    retryable: false,
  });
});
