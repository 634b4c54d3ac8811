import { expect, it } from 'vitest';
import { phrase } from '../language/phrase.ts';
import { callAuth } from './call-auth.ts';
import { faultsIn, faultsOf, returnedFault } from './faults.ts';

const refusal = (status: number, body: object, headers: Record<string, string> = {}) =>
  callAuth('/sign-in/email', {}, async () => Response.json(body, { status, headers }));

it('each refusal is said next to the field that it is about', async () => {
  expect(faultsOf(await refusal(401, { code: 'INVALID_EMAIL_OR_PASSWORD' }))).toEqual({
    password: phrase('authFaults.wrong'),
  });
  expect(faultsOf(await refusal(422, { code: 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL' }))).toEqual({
    email: phrase('authFaults.known'),
  });
  expect(faultsOf(await refusal(429, {}, { 'x-retry-after': '7' }))).toEqual({
    form: phrase('authFaults.tooManyFor', { seconds: 7 }),
  });
  expect(faultsOf(await refusal(503, {}))).toEqual({ form: phrase('authFaults.network') });
  expect(faultsOf(await refusal(500, { code: 'NEW' }))).toEqual({ form: phrase('authFaults.unexpected') });
  const lost = await callAuth('/sign-in/email', {}, () => Promise.reject(new TypeError('Failed to fetch')));
  expect(faultsOf(lost)).toEqual({ form: phrase('authFaults.network') });
  expect(faultsOf(await refusal(200, {}))).toBeNull();
});

it('what is missing is said before anything is sent', () => {
  expect(faultsIn({ email: '', password: '' })).toEqual({
    email: phrase('authFaults.emailMissing'),
    password: phrase('authFaults.passwordMissing'),
  });
  expect(faultsIn({ name: '', email: 'ann', newPassword: 'short' })).toEqual({
    name: phrase('authFaults.nameMissing'),
    email: phrase('authFaults.invalidEmail'),
    password: phrase('authFaults.passwordTooShort', { count: 10 }),
  });
  expect(faultsIn({ newPassword: 'x'.repeat(129) })).toEqual({
    password: phrase('authFaults.passwordTooLong', { count: 128 }),
  });
  expect(faultsIn({ name: 'Ann', email: 'ann@example.com', newPassword: 'long enough' })).toBeNull();
});

it('an error that comes back from elsewhere has words, too', () => {
  expect(returnedFault('access_denied')).toEqual(phrase('authFaults.denied'));
  expect(returnedFault('email_not_verified')).toEqual(phrase('authFaults.unverified'));
  expect(returnedFault('state_mismatch')).toEqual(phrase('authFaults.provider'));
});
