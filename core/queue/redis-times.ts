import {
  type BackendFactory,
  type ConnectionOptions,
  createRedisBackend,
  type RedisQueueBackend,
} from 'bullmq';
import type { Clock } from '../clock/clock.ts';
import { StoreTimes } from './store-times.ts';

/** The scripts that return a worker's next job: the job's fields, its id, a rate limit, when the next one is due. */
const FETCHING = new Set(['moveToActive', 'moveToFinished', 'moveToDelayed']);

/** BullMQ's backend on Redis, with its times by `clock`: see {@link StoreTimes}. */
export function redisBackend(clock: Clock): BackendFactory<RedisQueueBackend, ConnectionOptions> {
  const times = new StoreTimes(clock);
  return (...args) => {
    const backend = createRedisBackend(...args);
    const { execCommand, addJob, waitForJob } = backend;
    backend.execCommand = (client, name, given: unknown[]) => {
      const reply = execCommand.call(
        backend,
        client,
        name,
        given.map((each) => times.toStore(each)),
      );
      return FETCHING.has(name) ? reply.then((next: unknown) => fetched(next, times)) : reply;
    };
    // Its script gets the timestamp packed with other values.
    backend.addJob = (job, ...rest) =>
      addJob.call(backend, { ...job, timestamp: times.toStore(job.timestamp) }, ...rest);
    backend.waitForJob = async (blockTimeout) => {
      const marker = await waitForJob.call(backend, blockTimeout);
      return marker && { ...marker, score: times.fromStore(marker.score) };
    };
    return backend;
  };
}

function fetched(reply: unknown, times: StoreTimes): unknown {
  if (!Array.isArray(reply)) return reply;
  const [job, id, limit, dueAt] = reply;
  return [Array.isArray(job) ? taken(job, times) : job, id, limit, times.fromStore(dueAt)];
}

/** A job's hash, with names and values alternating. The worker computes the renewal of its lock from `processedOn`. */
function taken(hash: readonly unknown[], times: StoreTimes): unknown[] {
  const isBegun = (at: number) => at % 2 === 1 && hash[at - 1] === 'processedOn';
  return hash.map((value, at) => (isBegun(at) ? String(times.fromStore(value)) : value));
}
