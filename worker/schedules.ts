import type { JobBackend } from '../core/queue/job-backend.ts';
import type { JobDefinition } from '../core/queue/jobs.ts';
import type { Log } from '../core/telemetry/log.ts';

/** A job without data that runs periodically, once for the whole installation. */
export interface Schedule {
  job: JobDefinition<Record<string, never>>;
  everyMs: number;
}

/** Time between two renewals of the schedules, in milliseconds. */
const RESCHEDULE_MS = 10_000;

/**
 * Keeps jobs scheduled until it is stopped. Renews the schedules, because a Redis that comes back empty has lost them.
 * Renewing is idempotent.
 */
export async function keepScheduled(
  backend: JobBackend,
  schedules: readonly Schedule[],
  log: Log,
): Promise<{ stop(): void }> {
  const set = schedules.map(({ job, everyMs }) => {
    const producer = backend.producer(job);
    return () => producer.schedule({}, everyMs);
  });
  await Promise.all(set.map((schedule) => schedule()));
  const timer = setInterval(() => {
    for (const schedule of set)
      schedule().catch((err) => log.warn({ err }, 'schedule of a job was not renewed'));
  }, RESCHEDULE_MS);
  return { stop: () => clearInterval(timer) };
}
