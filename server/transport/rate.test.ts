import { expect, test } from 'vitest';
import { Rate } from './rate.ts';

test('a rate allows so many within any second, not within a second of the clock', () => {
  let now = 900;
  const rate = new Rate(3, () => now);
  const add = (at: number) => {
    now = at;
    return rate.add();
  };
  expect([add(900), add(950), add(1_100), add(1_200)]).toEqual([true, true, true, false]);
  // What is refused counts, too.
  expect([add(1_951), add(2_300)]).toEqual([true, true]);
});
