import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { QUIET_AFTER_MS, REPEAT_MS, TypingSignal } from './typing-signal.ts';

let reports: boolean[];
let signal: TypingSignal;
beforeEach(() => {
  vi.useFakeTimers();
  reports = [];
  signal = new TypingSignal((typing) => reports.push(typing));
});
afterEach(() => void vi.useRealTimers());

it('reports at the first key, and once more after the last key', () => {
  for (let i = 0; i < 10; i += 1) {
    signal.key();
    vi.advanceTimersByTime(100);
  }
  expect(reports).toEqual([true]);
  vi.advanceTimersByTime(QUIET_AFTER_MS - 100);
  expect(reports).toEqual([true, false]);
});

it('reports repeatedly while the user types, so that it does not lapse, but not for each key', () => {
  for (let ms = 0; ms <= REPEAT_MS * 3; ms += 50) {
    signal.key();
    vi.advanceTimersByTime(50);
  }
  expect(reports).toEqual([true, true, true, true]);
});

it('reports the end at once when it is stopped, and only once', () => {
  signal.stop();
  signal.key();
  signal.stop();
  signal.stop();
  vi.advanceTimersByTime(QUIET_AFTER_MS);
  expect(reports).toEqual([true, false]);
});

it('recognises the events of its own typing, also shortly after the end', () => {
  expect(signal.isOwn).toBe(false);
  signal.key();
  expect(signal.isOwn).toBe(true);
  signal.stop();
  expect(signal.isOwn).toBe(true);
  vi.advanceTimersByTime(2_000);
  expect(signal.isOwn).toBe(false);
});
