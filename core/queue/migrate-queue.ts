import { runMigrations } from 'bullmq';
import pg from 'pg';
import { NO_CONNECT_TIMEOUT } from '../db/connection.ts';

/** How long the queue may take to connect to a PostgreSQL on a network, in milliseconds. */
const CONNECT_WITHIN_MS = 10_000;

/** Options of the queue's connections, with their own connect timeout; none for an embedded database, which has none. */
export function queueConnection<T extends pg.PoolConfig>(database: T): T {
  const isUnlimited = database.connectionTimeoutMillis === NO_CONNECT_TIMEOUT;
  return isUnlimited ? database : { ...database, connectionTimeoutMillis: CONNECT_WITHIN_MS };
}

/** Migrates BullMQ's own tables to its version, once for all its queues. */
export async function migrateQueue(connection: pg.PoolConfig): Promise<void> {
  const client = new pg.Client(queueConnection(connection));
  // A connection that breaks later fails the call in progress.
  client.on('error', () => {});
  await client.connect();
  try {
    await runMigrations(client);
  } finally {
    await client.end();
  }
}
