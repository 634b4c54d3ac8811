import { describeTurnSlots } from '../../../test/support/contracts/turn-slots.ts';
import { MemoryTurnSlots } from './memory.ts';
import { LEASE_MS } from './turn-slots.ts';

describeTurnSlots('in process', async () => {
  let now = 1_000;
  return {
    slots: new MemoryTurnSlots({ limit: 2, now: () => now }),
    async lapse() {
      now += LEASE_MS;
    },
    stop: async () => {},
  };
});
