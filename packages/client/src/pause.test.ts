import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { pauseUntilOnline } from './pause.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('lasts as long as requested', async () => {
  const done = vi.fn();
  void pauseUntilOnline(new EventTarget())(1_000).then(done);
  await vi.advanceTimersByTimeAsync(999);
  expect(done).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(done).toHaveBeenCalled();
});

it('ends when the browser comes online, and leaves no timer', async () => {
  const page = new EventTarget();
  const pause = pauseUntilOnline(page)(60_000);
  page.dispatchEvent(new Event('online'));
  await pause;
  expect(vi.getTimerCount()).toBe(0);
});
