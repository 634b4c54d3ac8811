import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { describeRates } from '../../../test/support/contracts/rates.ts';
import { describeOnRedis } from '../../../test/support/on-redis.ts';
import { RedisRates } from './redis.ts';

await describeOnRedis('rates of calls', ({ redis, prefix: own }) => {
  const newPrefix = () => `${own}:${randomBytes(3).toString('hex')}`;

  describeRates('Redis', async () => {
    const prefix = newPrefix();
    vi.useFakeTimers({ toFake: ['Date'] });
    return {
      rates: new RedisRates({ redis, prefix }),
      other: new RedisRates({ redis, prefix }),
      // Redis has its own clock: shortens what is left of each window.
      async halfWindow() {
        vi.setSystemTime(Date.now() + 5_000);
        for (const key of await redis.keys(`${prefix}:*`))
          await redis.pexpire(key, (await redis.pttl(key)) - 5_000);
      },
      stop: async () => void vi.useRealTimers(),
    };
  });

  const RATE = { name: 'eight', most: 8, seconds: 10 };
  const call = { rate: RATE, key: 'ann' };
  const allowedOf = async (rates: RedisRates, calls: number) => {
    const refusals = await Promise.all(Array.from({ length: calls }, () => rates.take(call)));
    return refusals.filter((refused) => refused === null).length;
  };

  describe('the store of rates', () => {
    afterEach(() => vi.restoreAllMocks());

    test('a call is one command for each key, and a key over its limit costs none', async () => {
      const rates = new RedisRates({ redis, prefix: newPrefix() });
      await rates.take(call);
      const sent = vi.spyOn(redis, 'sendCommand');
      await rates.take(call, { rate: { ...RATE, name: 'nine' }, key: 'ann' });
      expect(sent).toHaveBeenCalledTimes(2);
      await allowedOf(rates, 10);
      sent.mockClear();
      expect(await allowedOf(rates, 10)).toBe(0);
      expect(sent).not.toHaveBeenCalled();
    });

    test('while it cannot be reached, a process allows a quarter of the limit', async () => {
      const unreachable = new Redis({
        port: 1,
        lazyConnect: true,
        enableOfflineQueue: false,
        retryStrategy: null as never,
      });
      unreachable.on('error', () => {});
      expect(await allowedOf(new RedisRates({ redis: unreachable, prefix: newPrefix() }), 10)).toBe(2);
    });

    test('while it does not answer, calls wait for it a moment, and a process allows a quarter', async () => {
      const rates = new RedisRates({ redis, prefix: newPrefix() });
      vi.spyOn(redis, 'sendCommand').mockImplementation(() => new Promise(() => {}));
      const begun = performance.now();
      expect(await allowedOf(rates, 10)).toBe(2);
      expect(performance.now() - begun).toBeLessThan(1_000);
    });
  });
});
