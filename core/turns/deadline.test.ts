import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { UnavailableError } from '../errors.ts';
import { calledOffAfter, type PointOfNoReturn } from './deadline.ts';

describe('a call with a point of no return', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('that has not passed it in time is called off, and cannot pass it later', async () => {
    let point: PointOfNoReturn | undefined;
    const call = calledOffAfter(1_000, (given) => {
      point = given;
      return new Promise(() => {});
    });
    const refused = expect(call).rejects.toThrow(UnavailableError);
    await vi.advanceTimersByTimeAsync(1_000);
    await refused;
    expect(() => point?.pass()).toThrow(UnavailableError);
  });

  test('that has passed it is waited for', async () => {
    let finish: (value: string) => void = () => {};
    const call = calledOffAfter(1_000, (point) => {
      point.pass();
      return new Promise<string>((resolve) => {
        finish = resolve;
      });
    });
    await vi.advanceTimersByTimeAsync(10_000);
    finish('stored');
    expect(await call).toBe('stored');
  });

  test('that has no limit is never called off', async () => {
    let finish: (value: string) => void = () => {};
    const call = calledOffAfter(
      Number.POSITIVE_INFINITY,
      () => new Promise<string>((resolve) => (finish = resolve)),
    );
    await vi.advanceTimersByTimeAsync(3_600_000);
    finish('stored');
    expect(await call).toBe('stored');
  });

  test('leaves no timer behind', async () => {
    await expect(calledOffAfter(1_000, async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(vi.getTimerCount()).toBe(0);
  });
});
