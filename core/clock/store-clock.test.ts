import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { HOUR_MS } from '../../test/support/clocks.ts';
import { StoreClock } from './store-clock.ts';

/** The store's time when the monotonic clock is 0. */
const STORE = 1_800_000_000_000;
let steady: number;
let machineOffset: number;
/** How long the request and the reply take, in milliseconds. */
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
  'returns the time of the store on a machine that is off by %i ms',
  async (offset) => {
    machineOffset = offset;
    await open();
    expect(wrongBy()).toBe(0);
    expect(ahead).toEqual([offset]);
  },
);

test('takes the answer for the middle of the round trip: it is off by at most half of it', async () => {
  [there, back] = [100, 0];
  await open();
  expect(wrongBy()).toBe(50);
});

test('does not jump with the clock of the machine, whose offset the next measurement reports', async () => {
  await open();
  machineOffset = HOUR_MS;
  steady += 5_000;
  expect(wrongBy()).toBe(0);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(ahead).toEqual([0, HOUR_MS]);
});

test('a slow answer does not replace a better one that it agrees with', async () => {
  await open();
  [there, back] = [400, 0];
  await clock.measure();
  expect(wrongBy()).toBe(0);
});

test('a slow answer replaces one that it contradicts: another store has taken over', async () => {
  await open();
  ask = async () => {
    steady += 400;
    return STORE + steady + HOUR_MS;
  };
  await clock.measure();
  expect(Math.abs(wrongBy() - HOUR_MS)).toBeLessThanOrEqual(200);
});

test('corrects a monotonic clock that runs fast', async () => {
  await open();
  [there, back] = [20, 20];
  // 60 s later by the monotonic clock, which has gained 25 ms.
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

test('advances the last measurement while the store is unavailable', async () => {
  await open();
  ask = () => Promise.reject(new Error('unavailable'));
  steady += 60_000;
  await clock.measure();
  expect(wrongBy()).toBe(0);
  expect(ahead).toEqual([0]);
});

test('returns the time of the machine until the store has answered, and keeps asking', async () => {
  const answer = ask;
  machineOffset = HOUR_MS;
  ask = () => Promise.reject(new Error('unavailable'));
  await open();
  expect(wrongBy()).toBe(HOUR_MS);
  ask = answer;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(wrongBy()).toBe(0);
});

test('opens without the store when it does not answer in time', async () => {
  ask = () => new Promise(() => {});
  const opened = open();
  await vi.advanceTimersByTimeAsync(2_000);
  await opened;
  expect(ahead).toEqual([]);
});
