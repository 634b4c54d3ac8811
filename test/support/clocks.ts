import { AsyncLocalStorage } from 'node:async_hooks';
import { vi } from 'vitest';

export const HOUR_MS = 3_600_000;

/** The clock as it is, in a test where others are off. */
export const rightNow = Date.now.bind(Date);

/**
 * Gives parts of one test machines' clocks of their own: what runs within `on(offsetMs, …)`, with all its callbacks and
 * timers, sees `Date.now` ahead by so many milliseconds, or behind. Undo it with `stop`.
 */
export function machines(): { on: <T>(offsetMs: number, work: () => T) => T; stop: () => void } {
  const offset = new AsyncLocalStorage<number>();
  const spy = vi.spyOn(Date, 'now').mockImplementation(() => rightNow() + (offset.getStore() ?? 0));
  return { on: (offsetMs, work) => offset.run(offsetMs, work), stop: () => spy.mockRestore() };
}
