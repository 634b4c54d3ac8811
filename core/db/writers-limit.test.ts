import { describe, expect, test, vi } from 'vitest';
import { StoreUnavailableError } from '../domain/errors.ts';
import { writersLimit } from './writers-limit.ts';

describe('writers', () => {
  test('run up to the limit at once, in the order of their calls', async () => {
    const limit = writersLimit(2, 1_000);
    const ran: number[] = [];
    const finish: (() => void)[] = [];
    const all = [0, 1, 2, 3].map((i) =>
      limit(() => {
        ran.push(i);
        return new Promise<number>((resolve) => finish.push(() => resolve(i)));
      }),
    );
    await expect.poll(() => ran).toEqual([0, 1]);
    expect(limit.waiting()).toBe(2);
    finish[1]?.();
    await expect.poll(() => ran).toEqual([0, 1, 2]);
    finish[0]?.();
    await expect.poll(() => ran).toEqual([0, 1, 2, 3]);
    for (const one of finish) one();
    expect(await Promise.all(all)).toEqual([0, 1, 2, 3]);
  });

  test('get the outcome of their task', async () => {
    await expect(writersLimit(1, 1_000)(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  test('are rejected after too long a wait, and their task is never run', async () => {
    vi.useFakeTimers();
    const limit = writersLimit(1, 2_000);
    let finish = () => {};
    const first = limit(() => new Promise<void>((resolve) => (finish = resolve)));
    let isDone = false;
    const waiting = limit(async () => {
      isDone = true;
    }).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await waiting).toBeInstanceOf(StoreUnavailableError);
    finish();
    await first;
    await limit(async () => {});
    expect(isDone).toBe(false);
    vi.useRealTimers();
  });
});
