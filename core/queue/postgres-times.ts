import {
  type BackendFactory,
  createPostgresBackend,
  type PostgresConnectionOptions,
  type PostgresQueueBackend,
} from 'bullmq';
import type { Clock } from '../clock/clock.ts';
import { StoreTimes } from './store-times.ts';

/** The columns that a worker compares with its clock: when the next job is due, and when it took its job. */
const READ = ['next_delay', 'processed_at_ms'] as const;

/** BullMQ's backend on PostgreSQL, with its times by `clock`: see {@link StoreTimes}. */
export function postgresBackend(
  clock: Clock,
): BackendFactory<PostgresQueueBackend, PostgresConnectionOptions> {
  const times = new StoreTimes(clock);
  return (...args) => {
    const backend = createPostgresBackend(...args);
    // The pool belongs to this backend alone: it is created from the connection options.
    const { pool } = backend.connection;
    const query = pool.query.bind(pool);
    pool.query = async <R>(text: string, given?: readonly unknown[]) => {
      const result = await query<R>(
        text,
        given?.map((each) => times.toStore(each)),
      );
      for (const row of result.rows) translate(row, times);
      return result;
    };
    return backend;
  };
}

function translate(row: unknown, times: StoreTimes): void {
  if (typeof row !== 'object' || row === null) return;
  const columns = row as Partial<Record<(typeof READ)[number], unknown>>;
  for (const name of READ) if (name in columns) columns[name] = times.fromStore(columns[name]);
}
