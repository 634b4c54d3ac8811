import { expect, it } from 'vitest';
import { unanswered } from './unanswered.ts';

const NOW = Date.parse('2026-01-01T00:01:00Z');
const said = (role: 'USER' | 'ASSISTANT', createdAt = '2026-01-01T00:00:00Z') => ({
  id: 'm',
  role,
  createdAt,
});

it('a message that is the last, and nobody answers, was left without an answer', () => {
  expect(unanswered([said('USER')], false, NOW)).toMatchObject({ turnId: 'm', code: null, retryable: true });
});

it('one that is being answered, was answered, or has only just been sent was not', () => {
  expect(unanswered([said('USER')], true, NOW)).toBeNull();
  expect(unanswered([said('USER'), said('ASSISTANT')], false, NOW)).toBeNull();
  expect(unanswered([said('USER', '2026-01-01T00:00:58Z')], false, NOW)).toBeNull();
  expect(unanswered([], false, NOW)).toBeNull();
});
