import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ConnectionStatus } from './connection-status.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('is reconnecting after a second without a connection, not before', () => {
  const status = new ConnectionStatus();
  status.down();
  vi.advanceTimersByTime(999);
  expect(status.getSnapshot()).toBe('online');
  vi.advanceTimersByTime(1);
  expect(status.getSnapshot()).toBe('reconnecting');
});

it('failed attempts do not restart that second', () => {
  const status = new ConnectionStatus();
  status.down();
  vi.advanceTimersByTime(600);
  status.down();
  vi.advanceTimersByTime(400);
  expect(status.getSnapshot()).toBe('reconnecting');
});

it('a short interruption is not reported', () => {
  const status = new ConnectionStatus();
  const listener = vi.fn();
  status.subscribe(listener);
  status.down();
  vi.advanceTimersByTime(900);
  status.up();
  vi.advanceTimersByTime(5_000);
  expect(listener).not.toHaveBeenCalled();
});

it('is online again at once', () => {
  const status = new ConnectionStatus();
  status.down();
  vi.advanceTimersByTime(1_000);
  status.up();
  expect(status.getSnapshot()).toBe('online');
});
