import { expect, test } from 'vitest';
import { backOffMs } from './back-off.ts';

test('a process that ends again and again is started ever later, within 10 s', () => {
  expect([1, 2, 3, 4, 7, 8, 2_000].map(backOffMs)).toEqual([100, 200, 400, 800, 6_400, 10_000, 10_000]);
});
