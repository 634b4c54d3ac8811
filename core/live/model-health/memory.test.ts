import { describeModelHealth } from '../../../test/support/contracts/model-health.ts';
import { MemoryModelHealth } from './memory.ts';

describeModelHealth('in process', async () => {
  let now = 1_000_000;
  const health = new MemoryModelHealth({ now: () => now });
  return {
    here: health,
    there: health,
    pass: async (ms) => {
      now += ms;
    },
    stop: () => health.stop(),
  };
});
