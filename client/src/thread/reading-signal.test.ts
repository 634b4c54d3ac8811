import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { REPORT_EVERY_MS, ReadingSignal } from './reading-signal.ts';

let page: { visibilityState: DocumentVisibilityState };
let reportedAt: number[];
let signal: ReadingSignal;
beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  page = { visibilityState: 'visible' };
  reportedAt = [];
  signal = new ReadingSignal(() => reportedAt.push(Date.now()), page);
});
afterEach(() => void vi.useRealTimers());

it('reports the first sign at once, and nothing without a sign', () => {
  vi.advanceTimersByTime(REPORT_EVERY_MS * 2);
  expect(reportedAt).toEqual([]);
  signal.sign();
  vi.advanceTimersByTime(REPORT_EVERY_MS * 5);
  expect(reportedAt).toEqual([REPORT_EVERY_MS * 2]);
});

it('reports at most every ten seconds, however often the user scrolls', () => {
  for (let ms = 0; ms < 60_000; ms += 100) {
    signal.sign();
    vi.advanceTimersByTime(100);
  }
  expect(reportedAt).toEqual([0, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000]);
});

it('reports a sign shortly after a report when ten seconds are over', () => {
  signal.sign();
  vi.advanceTimersByTime(3_000);
  signal.sign();
  vi.advanceTimersByTime(60_000);
  expect(reportedAt).toEqual([0, 10_000]);
});

it('reports nothing while the tab is hidden', () => {
  page.visibilityState = 'hidden';
  signal.sign();
  expect(reportedAt).toEqual([]);
  page.visibilityState = 'visible';
  signal.sign();
  signal.sign();
  page.visibilityState = 'hidden';
  vi.advanceTimersByTime(60_000);
  expect(reportedAt).toEqual([0]);
});

it('reports nothing after it was stopped', () => {
  signal.sign();
  signal.sign();
  signal.stop();
  vi.advanceTimersByTime(60_000);
  expect(reportedAt).toEqual([0]);
});
