import { runMigrations } from 'bullmq';
import pg from 'pg';
import { NO_CONNECT_TIMEOUT } from '../db/connection.ts';

/** Longest that a connection of the queue to a PostgreSQL on a network may take, in milliseconds. */
const CONNECT_WITHIN_MS = 10_000;

/** The queue's own limit of connecting; none where the database has none, being embedded. */
export function queueConnection<T extends pg.PoolConfig>(database: T): T {
  const isUnlimited = database.connectionTimeoutMillis === NO_CONNECT_TIMEOUT;
  return isUnlimited ? database : { ...database, connectionTimeoutMillis: CONNECT_WITHIN_MS };
}

/** Brings BullMQ's own tables to its version, once for all its queues. */
export async function migrateQueue(connection: pg.PoolConfig): Promise<void> {
  const client = new pg.Client(queueConnection(connection));
  // A connection that breaks later is told by the call that it broke.
  client.on('error', () => {});
  await client.connect();
  try {
    await runMigrations(client);
  } finally {
    await client.end();
  }
}
