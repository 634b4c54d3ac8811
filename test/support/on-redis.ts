import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, describe, test } from 'vitest';

/** Redis for one test file, and what its keys begin with. */
export interface OwnRedis {
  readonly url: string;
  readonly redis: Redis;
  readonly prefix: string;
}

/**
 * Runs a suite on the Redis of the tests (TEST_REDIS_URL, or the local one). Reports it as skipped where there is none, because
 * a skipped suite must not be taken for a passed one.
 */
export async function describeOnRedis(title: string, suite: (own: OwnRedis) => void): Promise<void> {
  const url = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379';
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  const isAvailable = await redis.connect().then(
    () => true,
    () => false,
  );
  if (!isAvailable)
    return void describe(`SKIPPED: no Redis at ${url} (TEST_REDIS_URL)`, () => test.skip(title, () => {}));
  const prefix = `test-${randomBytes(6).toString('hex')}`;
  describe(`${title} on Redis`, () => {
    afterAll(async () => {
      for (const match of [`${prefix}:*`, `{${prefix}*`])
        for await (const keys of redis.scanStream({ match, count: 1_000 }))
          if (keys.length > 0) await redis.del(keys);
      redis.disconnect();
    });
    suite({ url, redis, prefix });
  });
}
