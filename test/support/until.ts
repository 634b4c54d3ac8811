import { vi } from 'vitest';

/** Resolves when something is the case, and rejects after a minute in which it was not: as `expect.poll`, but outside of tests, too. */
export function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const check = async () => {
    if (!(await isSo())) throw new Error('it is not so yet');
  };
  return vi.waitFor(check, { interval: 20, timeout: 60_000 });
}
