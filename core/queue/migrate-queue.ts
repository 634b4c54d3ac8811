import { runMigrations } from 'bullmq';
import pg from 'pg';

/** Longest that a connection of the queue may take, in milliseconds: the embedded database serves them one at a time. */
export const CONNECT_WITHIN_MS = 10_000;

/** Brings BullMQ's own tables to its version, once for all its queues. */
export async function migrateQueue(connection: pg.ClientConfig): Promise<void> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: CONNECT_WITHIN_MS });
  // A connection that breaks later is told by the call that it broke.
  client.on('error', () => {});
  await client.connect();
  try {
    await runMigrations(client);
  } finally {
    await client.end();
  }
}
