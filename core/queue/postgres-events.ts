import type { BackendFactory, PostgresConnectionOptions, PostgresQueueBackend } from 'bullmq';

type PostgresFactory = BackendFactory<PostgresQueueBackend, PostgresConnectionOptions>;

/** BullMQ's backend on PostgreSQL, with the trimming of a queue's events, which BullMQ has only on Redis. */
export function withTrimmedEvents(create: PostgresFactory): PostgresFactory {
  return (queue, ...rest) => {
    const backend = create(queue, ...rest);
    const { pool } = backend.connection;
    backend.trimEvents = async (maxLength) => {
      const { rows } = await pool.query<{ count: number }>(
        `WITH done AS (
          DELETE FROM event WHERE queue = $1 AND id NOT IN (
            SELECT id FROM event WHERE queue = $1 ORDER BY id DESC LIMIT $2)
          RETURNING 1
        ) SELECT count(*)::int AS count FROM done`,
        [queue, maxLength],
      );
      return rows[0]?.count ?? 0;
    };
    return backend;
  };
}
