import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { describeModelHealth } from '../../../test/support/contracts/model-health.ts';
import { describeOnRedis } from '../../../test/support/on-redis.ts';
import { createLog } from '../../telemetry/log.ts';
import { LivePush } from '../push/live-push.ts';
import { RedisModelHealth } from './redis.ts';

const log = createLog({ level: 'silent', format: 'json' });

await describeOnRedis('the health of models', ({ url }) => {
  describeModelHealth('Redis', async () => {
    let now = 1_000_000;
    const prefix = `test-${randomBytes(6).toString('hex')}`;
    const processes = await Promise.all(
      [0, 1].map(async () => {
        const [redis, subscriber] = [new Redis(url), new Redis(url)];
        const push = new LivePush(redis, subscriber);
        const health = await RedisModelHealth.open({ redis, push, log, prefix, now: () => now });
        const stop = async () => {
          push.stop();
          await health.stop();
          await subscriber.quit();
          await redis.quit();
        };
        return { health, redis, stop };
      }),
    );
    const [here, there] = processes as [(typeof processes)[0], (typeof processes)[0]];
    return {
      here: here.health,
      there: there.health,
      async pass(ms) {
        now += ms;
        // Redis has its own clock: deletes the keys that would have expired.
        for (const key of await here.redis.keys(`{${prefix}:*}:probe:*`))
          if ((await here.redis.pttl(key)) <= ms) await here.redis.del(key);
      },
      async stop() {
        const keys = await here.redis.keys(`*${prefix}:*`);
        if (keys.length > 0) await here.redis.del(keys);
        for (const { stop } of processes) await stop();
      },
    };
  });
});
