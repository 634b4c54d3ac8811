import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, describe, test } from 'vitest';
import { createTestDatabase, isPostgresAvailable } from './database.ts';

export interface Backend {
  readonly name: string;
  /** The variables that select it, with a database of its own. */
  env(): Promise<Record<string, string>>;
}

const REDIS_URL = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379/9';

/** Runs one suite on the embedded defaults and on PostgreSQL with Redis. Reports the latter as skipped where they are missing. */
export async function describeBackends(
  title: string,
  suite: (backend: Backend) => void,
  { embedded = true } = {},
): Promise<void> {
  if (embedded) describe(`${title}, embedded`, () => suite({ name: 'embedded', env: async () => ({}) }));

  const missing = [
    (await isPostgresAvailable()) ? '' : 'PostgreSQL',
    (await isRedisAvailable()) ? '' : 'Redis',
  ];
  const lacks = missing.filter(Boolean).join(' and ');
  if (lacks)
    return void describe(`SKIPPED: ${title}, on PostgreSQL and Redis: no ${lacks}`, () =>
      test.skip(title, () => {}));

  describe(`${title}, on PostgreSQL and Redis`, () => {
    const databases: { drop(): Promise<void> }[] = [];
    const prefixes: string[] = [];
    // Hooks run in reverse order: the suite's own afterAll runs before this one.
    afterAll(async () => {
      for (const database of databases) await database.drop();
      for (const prefix of prefixes) await removeKeys(prefix);
    });
    suite({
      name: 'PostgreSQL and Redis',
      async env() {
        const database = await createTestDatabase();
        databases.push(database);
        const prefix = `test-${randomBytes(6).toString('hex')}`;
        prefixes.push(prefix);
        return { DATABASE_URL: database.url, REDIS_URL, REDIS_PREFIX: prefix };
      },
    });
  });
}

async function isRedisAvailable(): Promise<boolean> {
  const redis = new Redis(REDIS_URL, { lazyConnect: true, retryStrategy: () => null });
  redis.on('error', () => {});
  try {
    await redis.connect();
    return true;
  } catch {
    return false;
  } finally {
    redis.disconnect();
  }
}

async function removeKeys(prefix: string): Promise<void> {
  const redis = new Redis(REDIS_URL);
  for (const match of [`${prefix}:*`, `{${prefix}}:*`]) {
    for await (const keys of redis.scanStream({ match, count: 1_000 }))
      if (keys.length > 0) await redis.del(keys);
  }
  redis.disconnect();
}
