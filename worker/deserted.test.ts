import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DESERTED_AFTER_MS, onDeserted } from './deserted.ts';

let isAnyone: () => Promise<boolean>;
let stop: () => void;
let calls: number;
beforeEach(() => {
  vi.useFakeTimers();
  calls = 0;
  isAnyone = async () => false;
  stop = onDeserted({ isAnyone: () => isAnyone() }, 'a conversation', () => {
    calls += 1;
  });
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

test('a conversation without a listener is deserted after 10 s, once', async () => {
  await vi.advanceTimersByTimeAsync(DESERTED_AFTER_MS - 1);
  expect(calls).toBe(0);
  await vi.advanceTimersByTimeAsync(1);
  expect(calls).toBe(1);
  await vi.advanceTimersByTimeAsync(10 * DESERTED_AFTER_MS);
  expect(calls).toBe(1);
});

test('[P-108] a listener that reconnects within 10 s restarts the time', async () => {
  await vi.advanceTimersByTimeAsync(DESERTED_AFTER_MS - 1);
  isAnyone = async () => true;
  await vi.advanceTimersByTimeAsync(1_000);
  isAnyone = async () => false;
  await vi.advanceTimersByTimeAsync(DESERTED_AFTER_MS - 1);
  expect(calls).toBe(0);
  await vi.advanceTimersByTimeAsync(1_001);
  expect(calls).toBe(1);
});

test('while presence is unavailable, a conversation counts as listened to', async () => {
  isAnyone = () => Promise.reject(new Error('unavailable'));
  await vi.advanceTimersByTimeAsync(10 * DESERTED_AFTER_MS);
  expect(calls).toBe(0);
});

test('nothing is called after the watch has stopped', async () => {
  stop();
  await vi.advanceTimersByTimeAsync(10 * DESERTED_AFTER_MS);
  expect(calls).toBe(0);
});
