import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CallersBudget } from './callers-budget.ts';

let now = 0;
let isBusy = true;
beforeEach(() => {
  vi.useFakeTimers();
  now = 0;
  isBusy = true;
});
afterEach(() => {
  vi.useRealTimers();
});

const budget = () => new CallersBudget({ share: 0.2, burstMs: 500, isBusy: () => isBusy, now: () => now });

/** Runs an operation that uses so many milliseconds; whether it has begun. */
function run(budget: CallersBudget, ms: number): { begun: boolean } {
  const state = { begun: false };
  void budget.run(
    async () => {
      state.begun = true;
    },
    () => ms,
  );
  return state;
}

/** Lets time pass, in steps in which waiting operations look again. */
async function pass(ms: number): Promise<void> {
  for (let at = 0; at < ms; at += 20) {
    now += 20;
    await vi.advanceTimersByTimeAsync(20);
  }
}

test('a caller who has used up their share waits while the server is busy', async () => {
  const mine = budget();
  expect(run(mine, 600).begun).toBe(true);
  await pass(20);
  const next = run(mine, 10);
  await pass(400);
  expect(next.begun).toBe(false);
  await pass(200);
  expect(next.begun).toBe(true);
});

test('of those that wait one begins, when each uses as much as the last', async () => {
  const mine = budget();
  run(mine, 600);
  await pass(20);
  const waiting = [run(mine, 600), run(mine, 600)];
  await pass(600);
  expect(waiting.map(({ begun }) => begun)).toEqual([true, false]);
});

test('no caller waits while the server is not busy', async () => {
  const mine = budget();
  run(mine, 5_000);
  isBusy = false;
  await pass(20);
  expect(run(mine, 10).begun).toBe(true);
});
