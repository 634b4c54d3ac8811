import { expect, it } from 'vitest';
import { backoff } from './backoff.ts';

it('doubles up to six seconds', () => {
  const longest = [0, 1, 2, 3, 4, 5, 100].map((attempt) => backoff(attempt, () => 1));
  expect(longest).toEqual([400, 800, 1_600, 3_200, 6_000, 6_000, 6_000]);
});

it('is random in its upper half', () => {
  expect(backoff(20, () => 0)).toBe(3_000);
  expect(backoff(20, () => 0.5)).toBe(4_500);
});
