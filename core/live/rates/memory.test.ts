import { vi } from 'vitest';
import { describeRates } from '../../../test/support/contracts/rates.ts';
import { MemoryRates } from './memory.ts';

describeRates('in process', async () => {
  vi.useFakeTimers();
  return {
    rates: new MemoryRates(),
    other: null,
    halfWindow: async () => void (await vi.advanceTimersByTimeAsync(5_000)),
    stop: async () => void vi.useRealTimers(),
  };
});
