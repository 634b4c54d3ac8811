import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { closeGracefully } from './graceful-close.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** `count` open sockets, and when each was closed, in milliseconds from now. */
function socketsOf(count: number) {
  const since = Date.now();
  const closes: { code: number; at: number }[] = [];
  const open = Array.from({ length: count }, () => ({
    close: (code: number) => void closes.push({ code, at: Date.now() - since }),
  }));
  return { open, closes };
}

test('a few sockets are closed at once, with 1001', async () => {
  const { open, closes } = socketsOf(50);
  await closeGracefully(open);
  expect(closes).toEqual(Array(50).fill({ code: 1001, at: 0 }));
});

test('ten thousand are closed evenly over two seconds, each once', async () => {
  const { open, closes } = socketsOf(10_000);
  const closed = closeGracefully(open);
  await vi.runAllTimersAsync();
  await closed;
  expect(closes).toHaveLength(10_000);
  expect(closes.at(-1)?.at).toBeGreaterThan(1_900);
  expect(closes.at(-1)?.at).toBeLessThanOrEqual(2_000);
  for (let from = 0; from < 2_000; from += 100)
    expect(closes.filter(({ at }) => at >= from && at < from + 100)).toHaveLength(500);
});
