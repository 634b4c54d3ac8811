import pg from 'pg';
import { migrateQueue, queueConnection } from './migrate-queue.ts';

/** Of a session that takes it. The number means nothing else. */
const ALONE_LOCK_KEY = 72_707_370;

/**
 * Brings BullMQ's tables to their version, and has the jobs of a process that died run again at once: their locks would
 * keep them for seconds. Only where no other process is at work on the same database, which is what `isAlone` says, or a
 * lock that each process holds as long as its connection lasts.
 */
export async function openQueue(
  database: pg.PoolConfig,
  isAlone: boolean,
): Promise<{ stop(): Promise<void> }> {
  await migrateQueue(database);
  const client = new pg.Client(queueConnection(database));
  // A connection that breaks later takes its lock with it.
  client.on('error', () => {});
  await client.connect();
  if (isAlone || (await takesLock(client))) await releaseJobs(client);
  return { stop: () => client.end().catch(() => {}) };
}

async function takesLock(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS taken', [ALONE_LOCK_KEY]);
  return rows[0]?.taken === true;
}

// As if BullMQ had found them stalled, so that its first check has them wait again.
async function releaseJobs(client: pg.Client): Promise<void> {
  await client.query(`
    UPDATE bullmq.job SET locked_until_ms = 0, stalled_marked = true WHERE state = 'active';
    DELETE FROM bullmq.meta WHERE field = 'stalled-check'`);
}
