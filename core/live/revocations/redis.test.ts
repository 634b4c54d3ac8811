import { pino } from 'pino';
import { expect, test } from 'vitest';
import { describeRevocations } from '../../../test/support/contracts/revocations.ts';
import { describeOnRedis } from '../../../test/support/on-redis.ts';
import { LivePush } from '../push/live-push.ts';
import { RedisRevocations } from './redis.ts';

const log = pino({ level: 'silent' });

await describeOnRedis('revocations', ({ redis, prefix }) => {
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
});
