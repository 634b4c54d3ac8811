import { randomBytes } from 'node:crypto';
import { describeTurnSlots } from '../../../test/support/contracts/turn-slots.ts';
import { describeOnRedis } from '../../../test/support/on-redis.ts';
import { RedisTurnSlots } from './redis.ts';

await describeOnRedis("the slots of owners' turns", ({ redis }) => {
  describeTurnSlots('Redis', async () => {
    const prefix = `test-${randomBytes(6).toString('hex')}`;
    const keys = () => redis.keys(`{${prefix}:*`);
    return {
      slots: new RedisTurnSlots({ redis, limit: 2, prefix }),
      // Redis has its own clock: deletes the leases that would have expired.
      async lapse() {
        for (const key of await keys()) if (key.endsWith(':leases')) await redis.del(key);
      },
      async stop() {
        const left = await keys();
        if (left.length > 0) await redis.del(left);
      },
    };
  });
});
