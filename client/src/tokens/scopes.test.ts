import { expect, it } from 'vitest';
import { endOf } from './expiries.ts';
import { scopesOf } from './scopes.ts';

it('nobody can give a token what their role does not allow', () => {
  const conversations = ['CONVERSATIONS_READ', 'CONVERSATIONS_WRITE'];
  expect(scopesOf('USER')).toEqual(conversations);
  expect(scopesOf('SERVICE')).toEqual([...conversations, 'TELEMETRY_WRITE']);
  for (const role of ['ADMIN', 'OPERATOR'] as const)
    expect(scopesOf(role)).toEqual([...conversations, 'TELEMETRY_READ', 'TELEMETRY_WRITE']);
});

it('a token ends so many days from now, or never', () => {
  expect(endOf('month', 0)).toBe('1970-01-31T00:00:00.000Z');
  expect(endOf('never', 0)).toBeNull();
  expect(endOf('constructor', 0)).toBeNull();
});
