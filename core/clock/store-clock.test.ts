import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { HOUR_MS } from '../../test/support/clocks.ts';
import { StoreClock } from './store-clock.ts';

/** When it is in the store, and on this machine, while the steady clock runs from 0. */
const STORE = 1_800_000_000_000;
let steady: number;
let machineOffset: number;
/** How long the question and the answer take. */
let there: number;
let back: number;
let ask: () => Promise<number>;
let ahead: number[];
let clock: StoreClock;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] });
  [steady, machineOffset, there, back, ahead] = [0, 0, 5, 5, []];
  ask = async () => {
    steady += there;
    const time = STORE + steady;
    steady += back;
    return time;
  };
});
afterEach(() => {
  clock.stop();
  vi.useRealTimers();
});
const open = async () => {
  clock = await StoreClock.open({
    ask: () => ask(),
    onMeasured: (ms) => ahead.push(ms),
    machine: () => STORE + steady + machineOffset,
    steady: () => steady,
  });
};
const wrongBy = () => clock.now() - (STORE + steady);

test.each([0, HOUR_MS, -HOUR_MS])(
  'it is the time of the store, on a machine that is off by %i ms',
  async (offset) => {
    machineOffset = offset;
    await open();
    expect(wrongBy()).toBe(0);
    expect(ahead).toEqual([offset]);
  },
);

test('the answer is of the middle of the round trip: it is wrong by no more than half of it', async () => {
  [there, back] = [100, 0];
  await open();
  expect(wrongBy()).toBe(50);
});

test('it does not jump with the clock of the machine, which is seen to be off by the next measurement', async () => {
  await open();
  machineOffset = HOUR_MS;
  steady += 5_000;
  expect(wrongBy()).toBe(0);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(ahead).toEqual([0, HOUR_MS]);
});

test('a slow answer does not replace a good one that it agrees with', async () => {
  await open();
  [there, back] = [400, 0];
  await clock.measure();
  expect(wrongBy()).toBe(0);
});

test('a slow answer replaces what it contradicts: another store has taken over', async () => {
  await open();
  ask = async () => {
    steady += 400;
    return STORE + steady + HOUR_MS;
  };
  await clock.measure();
  expect(Math.abs(wrongBy() - HOUR_MS)).toBeLessThanOrEqual(200);
});

test('a steady clock that runs fast is corrected', async () => {
  await open();
  [there, back] = [20, 20];
  // 60 s later by the steady clock, of which 25 ms are its own.
  steady += 60_000;
  ask = async () => {
    steady += 20;
    const time = STORE + steady - 25;
    steady += 20;
    return time;
  };
  await clock.measure();
  expect(wrongBy()).toBe(-25);
});

test('while the store does not answer, what was measured is carried on', async () => {
  await open();
  ask = () => Promise.reject(new Error('unavailable'));
  steady += 60_000;
  await clock.measure();
  expect(wrongBy()).toBe(0);
  expect(ahead).toEqual([0]);
});

test('until the store has answered it is the clock of the machine; the store is asked again', async () => {
  const answer = ask;
  machineOffset = HOUR_MS;
  ask = () => Promise.reject(new Error('unavailable'));
  await open();
  expect(wrongBy()).toBe(HOUR_MS);
  ask = answer;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(wrongBy()).toBe(0);
});

test('an answer that does not come is not waited for', async () => {
  ask = () => new Promise(() => {});
  const opened = open();
  await vi.advanceTimersByTimeAsync(2_000);
  await opened;
  expect(ahead).toEqual([]);
});
