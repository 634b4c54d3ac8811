import { AsyncLocalStorage } from 'node:async_hooks';
import { vi } from 'vitest';

export const HOUR_MS = 3_600_000;

/** The true clock, in a test where others are wrong. */
export const rightNow = Date.now.bind(Date);

/**
 * Gives parts of one test clocks of their own, as on different machines: code within `on(offsetMs, …)`, with all its callbacks
 * and timers, sees `Date.now` shifted by `offsetMs`. `stop` restores the clock.
 */
export function machines(): { on: <T>(offsetMs: number, work: () => T) => T; stop: () => void } {
  const offset = new AsyncLocalStorage<number>();
  const spy = vi.spyOn(Date, 'now').mockImplementation(() => rightNow() + (offset.getStore() ?? 0));
  return { on: (offsetMs, work) => offset.run(offsetMs, work), stop: () => spy.mockRestore() };
}
