import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { QUIET_AFTER_MS, REPEAT_MS, TypingSignal } from './typing-signal.ts';

let told: boolean[];
let signal: TypingSignal;
beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  signal = new TypingSignal((typing) => told.push(typing));
});
afterEach(() => void vi.useRealTimers());

it('tells at the first key, and once more when the keys have ended', () => {
  for (let i = 0; i < 10; i += 1) {
    signal.key();
    vi.advanceTimersByTime(100);
  }
  expect(told).toEqual([true]);
  vi.advanceTimersByTime(QUIET_AFTER_MS - 100);
  expect(told).toEqual([true, false]);
});

it('says so again while the user goes on, so that it does not lapse, and never per key', () => {
  for (let ms = 0; ms <= REPEAT_MS * 3; ms += 50) {
    signal.key();
    vi.advanceTimersByTime(50);
  }
  expect(told).toEqual([true, true, true, true]);
});

it('stops at once when told, and only when it was typing', () => {
  signal.stop();
  signal.key();
  signal.stop();
  signal.stop();
  vi.advanceTimersByTime(QUIET_AFTER_MS);
  expect(told).toEqual([true, false]);
});

it('knows the word of its own typing, also when that comes back after the end', () => {
  expect(signal.isOwn).toBe(false);
  signal.key();
  expect(signal.isOwn).toBe(true);
  signal.stop();
  expect(signal.isOwn).toBe(true);
  vi.advanceTimersByTime(2_000);
  expect(signal.isOwn).toBe(false);
});
