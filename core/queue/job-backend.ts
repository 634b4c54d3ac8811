import { setMaxListeners } from 'node:events';
import type { Context } from '@opentelemetry/api';
import {
  type BackendFactory,
  type IQueueBackend,
  Queue,
  type Telemetry,
  UnrecoverableError,
  Worker,
} from 'bullmq';
import type { PoolConfig } from 'pg';
import { type Clock, machineClock } from '../clock/clock.ts';
import { databaseFault } from '../db/unavailable.ts';
import { StartError } from '../domain/start-error.ts';
import { createRedis } from '../redis/connect.ts';
import { redisFault } from '../redis/errors.ts';
import type { RedisLocation } from '../redis/location.ts';
import { redisOptions, type WaitMode } from '../redis/options.ts';
import { DeadWorkers } from './dead-workers.ts';
import { JobConsumer, type Processor } from './job-consumer.ts';
import { JobProducer } from './job-producer.ts';
import type { JobDefinition } from './jobs.ts';
import { queueConnection } from './migrate-queue.ts';
import { openQueue } from './open-queue.ts';
import { withTrimmedEvents } from './postgres-events.ts';
import { postgresBackend } from './postgres-times.ts';
import { redisBackend } from './redis-times.ts';
import { ATTEMPTS, backoff } from './retry.ts';

export interface JobBackendOptions {
  store: JobStore;
  /** Separates the keys of installations that share a Redis. */
  prefix: string;
  /** The clock by which jobs are due and locks expire: the same in every process. Default: this machine's. */
  clock?: Clock;
  /**
   * Called with errors that BullMQ recovers from by itself: a lost connection is a StoreUnavailableError. A repeated one is
   * reported once a second for each queue.
   */
  onError: (error: unknown, queue: string) => void;
  /** Propagates a trace from the process that adds a job to the one that runs it. */
  telemetry?: Telemetry<Context> | undefined;
  /** Called for each job that is taken over from a worker that died or did not renew its lock for `lockMs`. */
  onTakenOver?: (job: { queue: string; jobId: string }) => void;
  /** Called after each run of a job in this process. */
  onRan?: (job: { queue: string; ms: number; outcome: 'done' | 'failed' }) => void;
}

/** Where BullMQ stores its jobs: Redis, or PostgreSQL. `isAlone`: no other process can use this database. */
export type JobStore = { redis: RedisLocation } | { postgres: PoolConfig; isAlone?: boolean };

export interface ConsumerOptions<T> {
  /** How many jobs run at once. */
  concurrency: number;
  /**
   * How long a worker that does not renew its lock keeps a job, in milliseconds. Another worker takes the job over after
   * 1 to 1.5 times as long. A worker whose process died loses its jobs within 2 s: see {@link DeadWorkers}.
   */
  lockMs?: number;
  /** Called for each job that is done and removed from the queue: from then on it can be added again. */
  onDone?: (data: T) => void;
}

/** How many jobs of a queue are in each state. */
export interface QueueCounts {
  queue: string;
  counts: Partial<Record<JobState, number>>;
  /** How long the oldest waiting job has waited; 0 when none waits. */
  oldestWaitingMs: number;
}

/** The states of a stored job. `waiting`: due, but no worker has capacity. `failed`: permanently. */
const JOB_STATES = ['waiting', 'active', 'delayed', 'failed'] as const;
type JobState = (typeof JOB_STATES)[number];

/** Default of `lockMs`, in milliseconds. */
const LOCK_MS = 8_000;
/** The same for a lone worker, in milliseconds: its next start releases the jobs, and a slow worker is no fault. */
const LONE_LOCK_MS = 60_000;
/** How often a lock is renewed, in milliseconds: a worker can be blocked for 6 s without losing its jobs. */
const RENEW_LOCK_MS = 2_000;
/** How often a worker checks Redis for released jobs, in milliseconds. */
const CHECK_RELEASED_MS = 250;

/** How long a repeated fault is not reported, in milliseconds. */
const SAME_FAULT_MS = 1_000;

/** A job's data. Retrying does not help when it is invalid, so the job fails permanently, and its reconciler adds it again. */
function dataOf<T>({ schema }: JobDefinition<T>, data: unknown): T {
  const { success, data: read, error } = schema.safeParse(data);
  if (!success) throw new UnrecoverableError(`its data cannot be read: ${error.message}`);
  return read;
}

/** A numeric code is a refusal by one of BullMQ's scripts: the store answered. */
function redisQueueFault(error: unknown): unknown {
  const { code } = error as { code?: unknown };
  return typeof code === 'number' ? error : redisFault(error);
}

type AnyBackend = BackendFactory<IQueueBackend, unknown>;

/** BullMQ on the installation's store: the same queues and workers on Redis and on PostgreSQL. */
export class JobBackend {
  readonly #options: JobBackendOptions;
  readonly #clock: Clock;
  readonly #factory: AnyBackend;
  /** Maps an error of a queue to the one that its caller gets. */
  readonly #faultOf: (error: unknown) => unknown;
  readonly #owned: { stop(): Promise<void> }[] = [];
  /** The last fault that was reported, by queue. */
  readonly #faults = new Map<string, { message: string; at: number }>();
  /** One queue of each name, to read its counts. */
  readonly #queues = new Map<string, Counted>();
  #deadWorkers: DeadWorkers | null = null;

  /** @throws {StartError} when the store cannot be used */
  static async open(options: JobBackendOptions): Promise<JobBackend> {
    const { store } = options;
    const backend = new JobBackend(options);
    if ('postgres' in store) {
      const alone = await openQueue(store.postgres, isAlone(store)).catch((error) => {
        throw unusable(error);
      });
      backend.#own(alone);
    }
    return backend;
  }

  private constructor(options: JobBackendOptions) {
    this.#options = options;
    this.#faultOf = 'redis' in options.store ? redisQueueFault : databaseFault;
    this.#clock = options.clock ?? machineClock;
    // Each factory takes the connection options of its own store, which #connection passes to it.
    const create =
      'redis' in options.store ? redisBackend(this.#clock) : withTrimmedEvents(postgresBackend(this.#clock));
    this.#factory = create as AnyBackend;
  }

  producer<T>(job: JobDefinition<T>): JobProducer<T> {
    const queue = new Queue(job.queue, this.#connection(job, 'failFast'), this.#factory);
    queue.on('error', (error) => this.#fault(error, job.queue));
    this.#queues.set(job.queue, queue);
    return this.#own(new JobProducer(job, queue, this.#faultOf));
  }

  consumer<T>(job: JobDefinition<T>, process: Processor<T>, options: ConsumerOptions<T>): JobConsumer {
    const abort = new AbortController();
    // Every running job listens to it in several places: the leak that Node warns of at ten listeners is none.
    setMaxListeners(0, abort.signal);
    const deadWorkers = this.#watchWorkers();
    const lockDuration = options.lockMs ?? (isAlone(this.#options.store) ? LONE_LOCK_MS : LOCK_MS);
    const stalledInterval = lockDuration / 2;
    const worker = new Worker(
      job.queue,
      async (taken) => {
        const begun = performance.now();
        const ran = (outcome: 'done' | 'failed') =>
          this.#options.onRan?.({ queue: job.queue, ms: performance.now() - begun, outcome });
        try {
          await process(dataOf(job, taken.data), {
            attempt: taken.attemptsMade + 1,
            signal: abort.signal,
            replace: (data) => taken.updateData(data),
          });
          ran('done');
        } catch (error) {
          ran('failed');
          throw error;
        }
      },
      {
        ...this.#connection(job, 'blocking'),
        concurrency: options.concurrency,
        // It must be ready first: until then its fetches would fail and be retried without a pause.
        autorun: false,
        lockDuration,
        lockRenewTime: Math.min(lockDuration / 2, RENEW_LOCK_MS),
        stalledInterval: deadWorkers ? Math.min(stalledInterval, CHECK_RELEASED_MS) : stalledInterval,
        maxStalledCount: ATTEMPTS,
        settings: { backoffStrategy: backoff },
      },
      this.#factory,
    );
    worker.on('error', (error) => this.#fault(error, job.queue));
    worker.on('failed', (_job, error) => this.#fault(error, job.queue));
    worker.on('completed', (done) => void options.onDone?.(dataOf(job, done.data)));
    worker.on('stalled', (jobId) => this.#options.onTakenOver?.({ queue: job.queue, jobId }));
    const onError = (error: unknown) => this.#fault(error as Error, job.queue);
    const join = async () => void (await deadWorkers?.join(job.queue, worker.id));
    return this.#own(new JobConsumer(worker, abort, onError, join));
  }

  /**
   * Resolves when every queue that this process adds jobs to can be used. BullMQ checks that once: a queue whose check
   * failed can never be used.
   * @throws {StartError} when one cannot
   */
  async ready(): Promise<void> {
    await Promise.all([...this.#queues.values()].map((queue) => queue.waitUntilReady())).catch((error) => {
      throw unusable(error);
    });
  }

  /** The counts of each queue that this process adds jobs to, without those that do not answer. */
  async counts(): Promise<QueueCounts[]> {
    const asked = await Promise.allSettled(
      [...this.#queues].map(async ([queue, counted]) => {
        const [counts, [oldest]] = await Promise.all([
          counted.getJobCounts(...JOB_STATES),
          counted.getJobs(['waiting'], 0, 0, true),
        ]);
        const since = oldest ? oldest.timestamp + (oldest.delay ?? 0) : Number.POSITIVE_INFINITY;
        return { queue, counts, oldestWaitingMs: Math.max(0, this.#clock.now() - since) };
      }),
    );
    return asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  }

  /** Stops everything it has created, newest first. Idempotent. */
  async stop(): Promise<void> {
    for (const owned of this.#owned.splice(0).reverse()) await owned.stop();
  }

  /**
   * Created with the first consumer: only a process that runs jobs needs it. Null without Redis, and on a Cluster, where each
   * node knows only its own subscribers: there the locks of a dead worker expire.
   */
  #watchWorkers(): DeadWorkers | null {
    const { store, prefix } = this.#options;
    if (!('redis' in store) || store.redis.kind === 'cluster') return null;
    this.#deadWorkers ??= this.#own(
      new DeadWorkers({
        blocking: redisOptions(store.redis, 'blocking'),
        failFast: redisOptions(store.redis, 'failFast'),
        prefix: `{${prefix}}`,
        onError: (error) => this.#fault(error, 'workers'),
      }),
    );
    return this.#deadWorkers;
  }

  /** Every call to an unavailable store fails: reports a repeated fault once a second. */
  #fault(error: Error, queue: string): void {
    const last = this.#faults.get(queue);
    const now = performance.now();
    if (last?.message === error.message && now - last.at < SAME_FAULT_MS) return;
    this.#faults.set(queue, { message: error.message, at: now });
    this.#options.onError(this.#faultOf(error), queue);
  }

  #own<T extends { stop(): Promise<void> }>(made: T): T {
    this.#owned.push(made);
    return made;
  }

  /** A producer fails fast when Redis is unavailable; a consumer waits for it to come back. */
  #connection(
    job: Pick<JobDefinition<never>, 'isRoutine'>,
    mode: WaitMode,
  ): {
    connection: unknown;
    prefix?: string;
    telemetry?: Telemetry<Context>;
  } {
    const { store, prefix, telemetry } = this.#options;
    const traced = telemetry && !job.isRoutine && { telemetry };
    if (!('redis' in store)) {
      return { connection: queueConnection(store.postgres), ...traced };
    }
    // The braces keep a queue's keys in one slot of a Redis Cluster.
    return { connection: this.#redis(store.redis, mode), prefix: `{${prefix}}`, ...traced };
  }

  /** BullMQ opens connections to a single server itself. It takes a Cluster as it is, and does not close it. */
  #redis(location: RedisLocation, mode: WaitMode): unknown {
    if (location.kind !== 'cluster') return redisOptions(location, mode);
    const cluster = createRedis(location, mode);
    cluster.on('error', () => {});
    cluster.connect().catch(() => {});
    this.#own({ stop: async () => cluster.disconnect() });
    return cluster;
  }
}

function unusable(error: unknown): StartError {
  const reason = error instanceof Error ? error.message : String(error);
  return new StartError(`the queue cannot be used: ${reason}`, { cause: error });
}

function isAlone(store: JobStore): boolean {
  return 'postgres' in store && store.isAlone === true;
}

type Counted = Pick<Queue, 'getJobCounts' | 'getJobs' | 'waitUntilReady'>;
