import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { describeJobs } from '../../test/support/contracts/job-queue.ts';
import { describeJobsOffTime, MIXES, OPPOSITE } from '../../test/support/contracts/queue-clock.ts';
import {
  createTestDatabase,
  isPostgresAvailable,
  MIGRATIONS_DIR,
  type TestDatabase,
} from '../../test/support/database.ts';
import type { Clock } from '../clock/clock.ts';
import { type Database, openDatabase } from '../db/database.ts';
import { parseRedisUrl } from '../redis/location.ts';
import { JobBackend, type JobStore } from './job-backend.ts';

const REDIS_URL = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379/9';
const prefix = `test-${randomBytes(6).toString('hex')}`;
const redis = new Redis(REDIS_URL, { lazyConnect: true, retryStrategy: () => null });
const hasRedis = await redis.connect().then(
  () => true,
  () => false,
);
const hasPostgres = await isPostgresAvailable();

const backend = async (store: JobStore, clock?: Clock) =>
  JobBackend.open({ store, prefix, ...(clock && { clock }), onError: () => {} });

/** Runs the contract suites on a store that several machines share. */
function describeQueues(name: string, store: () => JobStore): void {
  describeJobs(name, () => backend(store()));
  describeJobsOffTime(name, (clock) => backend(store(), clock), name === 'Redis' ? MIXES : OPPOSITE);
}

describe('embedded', () => {
  let folder: string;
  let database: Database;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'taskflow-jobs-'));
    database = await openDatabase({ dataDir: folder, migrationsDir: MIGRATIONS_DIR });
  });
  afterAll(async () => {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  });
  describeJobs('the embedded PostgreSQL', () => backend({ postgres: database.connection }));
});

describe.skipIf(!hasPostgres)(hasPostgres ? 'PostgreSQL' : 'SKIPPED: no PostgreSQL', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database?.drop());
  describeQueues('PostgreSQL', () => ({ postgres: { connectionString: database.url } }));
});

if (!hasRedis) describe(`SKIPPED: no Redis at ${REDIS_URL}`, () => test.skip('the job contract', () => {}));
else {
  afterAll(async () => {
    for await (const keys of redis.scanStream({ match: `{${prefix}*`, count: 1_000 })) {
      if (keys.length > 0) await redis.del(keys);
    }
    redis.disconnect();
  });
  describeQueues('Redis', () => ({ redis: parseRedisUrl(REDIS_URL) }));
}
