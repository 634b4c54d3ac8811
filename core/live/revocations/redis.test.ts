import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterAll, describe, expect, test } from 'vitest';
import { describeRevocations } from '../../../test/support/contracts/revocations.ts';
import { LivePush } from '../push/live-push.ts';
import { RedisRevocations } from './redis.ts';

const url = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379';
const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
const reachable = await redis.connect().then(
  () => true,
  () => false,
);
const prefix = `test-${randomBytes(6).toString('hex')}`;
const log = pino({ level: 'silent' });
afterAll(() => redis.disconnect());

if (!reachable) {
  describe(`SKIPPED: no Redis at ${url} (TEST_REDIS_URL)`, () => {
    test.skip('revocations on Redis', () => {});
  });
}

if (reachable) {
  describeRevocations('Redis', async () => {
    const opened = [0, 1].map(() => {
      const subscriber = redis.duplicate();
      const push = new LivePush(redis, subscriber);
      return { revocations: new RedisRevocations({ redis, push, log, prefix }), push, subscriber };
    });
    const [one, other] = opened.map(({ revocations }) => revocations) as [RedisRevocations, RedisRevocations];
    const close = async () => {
      for (const { push, subscriber } of opened) {
        push.stop();
        await subscriber.quit();
      }
    };
    return { one, other, close };
  });

  test('a revocation that cannot be published does not fail its caller', async () => {
    const gone = { publish: async () => Promise.reject(new Error('unavailable')) };
    const revocations = new RedisRevocations({ redis: gone as never, push: null as never, log, prefix });
    await expect(revocations.publish({ apiTokenId: 't' })).resolves.toBeUndefined();
  });
}
