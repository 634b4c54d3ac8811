import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, describe, test } from 'vitest';
import { borrowTestDatabase, isPostgresAvailable } from './database.ts';

export interface Backend {
  readonly name: string;
  /** The variables that select it, with a database of its own. */
  env(): Promise<Record<string, string>>;
}

const REDIS_URL = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379/9';

/** The variables that select the embedded database. */
const EMBEDDED = { DATABASE_URL: '' };

/** The variables that keep what is live in this process, whichever database there is. */
export const IN_PROCESS = { REDIS_URL: '' };

/** An empty database and a part of Redis of their own. */
interface Stores {
  /** The variables that select them. */
  readonly env: Record<string, string>;
  remove(): Promise<void>;
}

async function createStores(): Promise<Stores> {
  const database = await borrowTestDatabase();
  const prefix = `test-${randomBytes(6).toString('hex')}`;
  return {
    env: { DATABASE_URL: database.url, REDIS_URL, REDIS_PREFIX: prefix },
    async remove() {
      await database.drop();
      await removeKeys(prefix);
    },
  };
}

let areAvailable: Promise<boolean> | null = null;

/**
 * Stores for a test that is not about them. A start on PostgreSQL and Redis takes a tenth of the embedded one's; without them
 * the embedded database serves as well.
 */
export async function quickStores(): Promise<Stores> {
  areAvailable ??= Promise.all([isPostgresAvailable(), isRedisAvailable()]).then((all) => all.every(Boolean));
  return (await areAvailable) ? createStores() : { env: EMBEDDED, remove: async () => {} };
}

/** Runs one suite on the embedded defaults and on PostgreSQL with Redis. Reports the latter as skipped where they are missing. */
export async function describeBackends(
  title: string,
  suite: (backend: Backend) => void,
  { embedded = true } = {},
): Promise<void> {
  if (embedded) describe(`${title}, embedded`, () => suite({ name: 'embedded', env: async () => EMBEDDED }));

  const missing = [
    (await isPostgresAvailable()) ? '' : 'PostgreSQL',
    (await isRedisAvailable()) ? '' : 'Redis',
  ];
  const lacks = missing.filter(Boolean).join(' and ');
  if (lacks)
    return void describe(`SKIPPED: ${title}, on PostgreSQL and Redis: no ${lacks}`, () =>
      test.skip(title, () => {}));

  describe(`${title}, on PostgreSQL and Redis`, () => {
    const stores: Stores[] = [];
    // Hooks run in reverse order: the suite's own afterAll runs before this one.
    afterAll(async () => {
      for (const one of stores) await one.remove();
    });
    suite({
      name: 'PostgreSQL and Redis',
      async env() {
        const own = await createStores();
        stores.push(own);
        return own.env;
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

/** Removes every key with this prefix, as a Redis that has lost them. */
export async function removeKeys(prefix: string): Promise<void> {
  const redis = new Redis(REDIS_URL);
  for (const match of [`${prefix}:*`, `{${prefix}}:*`]) {
    for await (const keys of redis.scanStream({ match, count: 1_000 }))
      if (keys.length > 0) await redis.del(keys);
  }
  redis.disconnect();
}
