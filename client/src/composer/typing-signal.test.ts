import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { QUIET_AFTER_MS, TypingSignal } from './typing-signal.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('tells at the first key, and once more when the keys have ended', () => {
  const told: boolean[] = [];
  const signal = new TypingSignal((typing) => told.push(typing));
  for (let i = 0; i < 10; i += 1) {
    signal.key();
    vi.advanceTimersByTime(QUIET_AFTER_MS - 1);
  }
  expect(told).toEqual([true]);
  vi.advanceTimersByTime(1);
  expect(told).toEqual([true, false]);
});

it('stops at once when told, and only when it was typing', () => {
  const told: boolean[] = [];
  const signal = new TypingSignal((typing) => told.push(typing));
  signal.stop();
  signal.key();
  signal.stop();
  signal.stop();
  vi.advanceTimersByTime(QUIET_AFTER_MS);
  expect(told).toEqual([true, false]);
});
