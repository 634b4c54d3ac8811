import pg from 'pg';
import { migrateQueue, queueConnection } from './migrate-queue.ts';

/** Key of the advisory lock that each process's session holds. An arbitrary number. */
const ALONE_LOCK_KEY = 72_707_370;

/**
 * Migrates BullMQ's tables, and releases the jobs of a process that died, so that they run at once instead of when their
 * locks expire. Releases them only if no other process uses the database: `isAlone` says so, or this process gets the
 * advisory lock, which each process holds as long as its connection lasts.
 */
export async function openQueue(
  database: pg.PoolConfig,
  isAlone: boolean,
): Promise<{ stop(): Promise<void> }> {
  await migrateQueue(database);
  const client = new pg.Client(queueConnection(database));
  // A connection that breaks later releases its lock.
  client.on('error', () => {});
  await client.connect();
  if (isAlone || (await takesLock(client))) await releaseJobs(client);
  return { stop: () => client.end().catch(() => {}) };
}

async function takesLock(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS taken', [ALONE_LOCK_KEY]);
  return rows[0]?.taken === true;
}

// Marks the jobs as stalled, as BullMQ does, so that its first check moves them back to waiting.
async function releaseJobs(client: pg.Client): Promise<void> {
  await client.query(`
    UPDATE bullmq.job SET locked_until_ms = 0, stalled_marked = true WHERE state = 'active';
    DELETE FROM bullmq.meta WHERE field = 'stalled-check'`);
}
