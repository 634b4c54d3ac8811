import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, describe, test } from 'vitest';
import { describeTurnSlots } from '../../../test/support/contracts/turn-slots.ts';
import { RedisTurnSlots } from './redis.ts';

const url = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379';
const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
const reachable = await redis.connect().then(
  () => true,
  () => false,
);
afterAll(() => redis.disconnect());

if (!reachable) {
  describe(`SKIPPED: no Redis at ${url} (TEST_REDIS_URL)`, () => {
    test.skip("the slots of owners' turns on Redis", () => {});
  });
} else {
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
}
