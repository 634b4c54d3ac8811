import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { openDatabase } from '../core/db/database.ts';
import { JobBackend, type JobStore } from '../core/queue/job-backend.ts';
import { timerJob } from '../core/queue/jobs.ts';
import { parseRedisUrl } from '../core/redis/location.ts';
import { createTestDatabase, MIGRATIONS_DIR } from '../test/support/database.ts';
import { HEADER, row } from './percentiles.ts';

/**
 * Measures how late timers fire on each store. `TIMERS` timers are armed together with delays spread over two seconds, each
 * twice, as activity does. Nothing else runs.
 */
const TIMERS = Number(process.env.TIMERS ?? 300);

async function lateness(store: JobStore): Promise<number[]> {
  const backend = await JobBackend.open({
    store,
    prefix: `bench-${randomBytes(4).toString('hex')}`,
    onError: () => {},
  });
  const due = new Map<string, number>();
  const late: number[] = [];
  let over = () => {};
  const all = new Promise<void>((resolve) => (over = resolve));
  const consumer = backend.consumer(
    timerJob,
    async ({ conversationId }) => {
      late.push(performance.now() - (due.get(conversationId) ?? Number.NaN));
      if (late.length === TIMERS) over();
    },
    { concurrency: 20 },
  );
  await consumer.start();
  const jobs = backend.producer(timerJob);
  const ids = Array.from({ length: TIMERS }, () => uuidv7());
  const arm = (conversationId: string, ms: number) => {
    due.set(conversationId, performance.now() + ms);
    return jobs.arm({ kind: 'typing-lapse', conversationId }, ms);
  };
  await Promise.all(ids.map((id) => arm(id, 60_000)));
  await Promise.all(ids.map((id, at) => arm(id, 2_000 + (at / TIMERS) * 2_000)));
  await all;
  await consumer.stop();
  await backend.stop();
  return late;
}

const folder = await mkdtemp(join(tmpdir(), 'taskflow-bench-'));
const embedded = await openDatabase({ dataDir: folder, migrationsDir: MIGRATIONS_DIR });
const postgres = await createTestDatabase();
const redis = parseRedisUrl(process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379/8');
process.stdout.write(
  `${[
    HEADER,
    row('a timer on Redis, after it was due', await lateness({ redis }), 'max < 100'),
    row(
      'a timer on PostgreSQL, after it was due',
      await lateness({ postgres: { connectionString: postgres.url } }),
      'max < 1000',
    ),
    row(
      'a timer on the embedded database, after it was due',
      await lateness({ postgres: embedded.connection }),
      'max < 1000',
    ),
  ].join('\n')}\n`,
);
await embedded.close();
await postgres.drop();
await rm(folder, { recursive: true, force: true });
process.exit(0);
