import { pino } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import { HOUR_MS, machines, rightNow } from '../../../test/support/clocks.ts';
import { describePresence } from '../../../test/support/contracts/presence.ts';
import { describeOnRedis } from '../../../test/support/on-redis.ts';
import { RedisPresence } from './redis.ts';

const log = pino({ level: 'silent' });

await describeOnRedis('presence', ({ redis, prefix }) => {
  describePresence('Redis', () => new RedisPresence({ redis, log, prefix }));

  describe('presence of many processes', () => {
    test('a listener of one process is seen by another', async () => {
      const [one, two] = [
        new RedisPresence({ redis, log, prefix }),
        new RedisPresence({ redis, log, prefix }),
      ];
      const conversation = uuidv7();
      await one.join(conversation);
      expect(await two.isAnyone(conversation)).toBe(true);
      await one.stop();
      expect(await two.isAnyone(conversation)).toBe(false);
    });

    test('the listeners of a process that dies no longer count after its lifetime', async () => {
      const dead = new RedisPresence({ redis, log, prefix, lifetimeMs: 60 });
      const conversation = uuidv7();
      await dead.join(conversation);
      const other = new RedisPresence({ redis, log, prefix });
      expect(await other.isAnyone(conversation)).toBe(true);
      dead.fallSilent();
      await expect.poll(() => other.isAnyone(conversation), { interval: 10 }).toBe(false);
    });

    test('the default lifetime of a process that dies is at most 30 seconds', async () => {
      const presence = new RedisPresence({ redis, log, prefix });
      const conversation = uuidv7();
      await presence.join(conversation);
      const [key] = await redis.keys(`${prefix}:*${conversation}*`);
      expect(key && (await redis.pttl(key))).toBeLessThanOrEqual(30_000);
      const [, until] = await redis.zrange(key ?? '', 0, -1, 'WITHSCORES');
      expect(Number(until) - Date.now()).toBeLessThanOrEqual(30_000);
      await presence.stop();
    });

    test.each([HOUR_MS, -HOUR_MS])(
      'the listeners of a process whose clock is off by %i ms count for its lifetime, and not longer',
      async (off) => {
        const { on, stop } = machines();
        const options = { redis, log, prefix, lifetimeMs: 60, now: rightNow };
        const [wrong, right] = [on(off, () => new RedisPresence(options)), new RedisPresence(options)];
        const [conversation, another] = [uuidv7(), uuidv7()];
        await on(off, () => wrong.join(conversation));
        await right.join(another);
        expect(await right.isAnyone(conversation)).toBe(true);
        expect(await on(off, () => wrong.isAnyone(another))).toBe(true);
        for (const each of [wrong, right]) each.fallSilent();
        await expect.poll(() => right.isAnyone(conversation), { interval: 10 }).toBe(false);
        await expect.poll(() => on(off, () => wrong.isAnyone(another)), { interval: 10 }).toBe(false);
        stop();
      },
    );

    test('the listeners of a process that lives count beyond one lifetime', async () => {
      const alive = new RedisPresence({ redis, log, prefix, lifetimeMs: 60 });
      const conversation = uuidv7();
      await alive.join(conversation);
      const until = Date.now() + 200;
      await expect.poll(() => Date.now() > until, { interval: 10 }).toBe(true);
      expect(await alive.isAnyone(conversation)).toBe(true);
      await alive.stop();
    });
  });
});
