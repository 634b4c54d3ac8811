import { expect, it } from 'vitest';
import { relativeTime } from './relative-time.ts';

const now = new Date(2026, 5, 15, 12);
const ago = (minutes: number) => relativeTime(new Date(now.getTime() - minutes * 60_000), now, 'en');

it('is short, and coarser the longer ago it was', () => {
  expect(ago(0.5)).toBe('now');
  expect(ago(5)).toBe('5m ago');
  expect(ago(60 * 3)).toBe('3h ago');
  expect(ago(60 * 24)).toBe('yesterday');
  expect(ago(60 * 24 * 8)).toBe('Jun 7');
  expect(ago(60 * 24 * 365)).toBe('Jun 15, 2025');
});

it('a date in the future is shown as now', () => {
  expect(ago(-10)).toBe('now');
});
