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
import { postgresBackend } from './postgres-times.ts';
import { redisBackend } from './redis-times.ts';
import { ATTEMPTS, backoff } from './retry.ts';

export interface JobBackendOptions {
  store: JobStore;
  /** Keeps the keys of one installation apart from another's in the same Redis. */
  prefix: string;
  /** By which jobs are due and locks lapse: the same in every process. Default: this machine's. */
  clock?: Clock;
  /** Called with faults that BullMQ mends by itself, such as a lost connection. */
  onError: (error: Error, queue: string) => void;
  /** Hands a trace on from whoever adds a job to whoever runs it. */
  telemetry?: Telemetry<Context> | undefined;
  /** Told of each job that others take over from a worker that died, or gave no sign of life for as long as `lockMs`. */
  onTakenOver?: (job: { queue: string; jobId: string }) => void;
  /** Told of each job that ran here. */
  onRan?: (job: { queue: string; ms: number; outcome: 'done' | 'failed' }) => void;
}

/** Where BullMQ keeps its jobs: Redis, or PostgreSQL; `isAlone`: no other process can use that. */
export type JobStore = { redis: RedisLocation } | { postgres: PoolConfig; isAlone?: boolean };

export interface ConsumerOptions<T> {
  /** How many jobs run at once. */
  concurrency: number;
  /**
   * How long a job stays with a worker that shows no sign of life, in milliseconds. After it, and at most half as
   * long again, another worker takes the job over. One whose process died loses it in 2 s: see {@link DeadWorkers}.
   */
  lockMs?: number;
  /** Told of each job that is done and is not in the queue any more: from then on it can be added again. */
  onDone?: (data: T) => void;
}

/** How many jobs of a queue are in each state. */
export interface QueueCounts {
  queue: string;
  counts: Partial<Record<JobState, number>>;
  /** How long the job has waited that waits longest; 0 when none does. */
  oldestWaitingMs: number;
}

/** The states in which a job is kept. `waiting`: it could run if a worker had room. `failed`: for good. */
const JOB_STATES = ['waiting', 'active', 'delayed', 'failed'] as const;
type JobState = (typeof JOB_STATES)[number];

/** How long a job stays with a worker that shows no sign of life, unless told otherwise, in milliseconds. */
const LOCK_MS = 8_000;
/** The same where there is no other worker: its next start releases the jobs, and being slow is no fault. */
const LONE_LOCK_MS = 60_000;
/** How often it shows one, in milliseconds: it can be blocked for 6 s and keeps its jobs. */
const RENEW_LOCK_MS = 2_000;
/** How often Redis is asked for jobs that were released, in milliseconds. */
const LOOK_FOR_RELEASED_MS = 250;

/** For how long a fault is not told again, in milliseconds. */
const SAME_FAULT_MS = 1_000;

/** What cannot be read is not better the next time: the job fails for good, and who looks for it adds it again. */
function dataOf<T>({ schema }: JobDefinition<T>, data: unknown): T {
  const { success, data: read, error } = schema.safeParse(data);
  if (!success) throw new UnrecoverableError(`its data cannot be read: ${error.message}`);
  return read;
}

/** A number is the code with which a script of BullMQ refuses. */
function redisQueueFault(error: unknown): unknown {
  const { code } = error as { code?: unknown };
  return typeof code === 'number' ? error : redisFault(error);
}

type AnyBackend = BackendFactory<IQueueBackend, unknown>;

/** BullMQ on the store that this installation has: the same queues and workers on Redis and on PostgreSQL. */
export class JobBackend {
  readonly #options: JobBackendOptions;
  readonly #clock: Clock;
  readonly #factory: AnyBackend;
  /** What an error of a queue says to its caller. */
  readonly #faultOf: (error: unknown) => unknown;
  readonly #owned: { stop(): Promise<void> }[] = [];
  /** The last that was told of each queue. */
  readonly #faults = new Map<string, { message: string; at: number }>();
  /** One of each name, to ask how full it is. */
  readonly #queues = new Map<string, Counted>();
  #deadWorkers: DeadWorkers | null = null;

  /**
   * @throws {StartError} when its store cannot be used
   */
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
    // Each factory takes the connection options of its own store, which #connection hands it.
    const create = 'redis' in options.store ? redisBackend : postgresBackend;
    this.#factory = create(this.#clock) as AnyBackend;
  }

  producer<T>(job: JobDefinition<T>): JobProducer<T> {
    const queue = new Queue(job.queue, this.#connection(job, 'failFast'), this.#factory);
    queue.on('error', (error) => this.#fault(error, job.queue));
    this.#queues.set(job.queue, queue);
    return this.#own(new JobProducer(job, queue, this.#faultOf));
  }

  consumer<T>(job: JobDefinition<T>, process: Processor<T>, options: ConsumerOptions<T>): JobConsumer {
    const abort = new AbortController();
    // Every job that runs listens to it, in several places: what Node warns of at ten is no leak.
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
        // Not before it is ready: what it asks until then would fail, and be asked again without a pause.
        autorun: false,
        lockDuration,
        lockRenewTime: Math.min(lockDuration / 2, RENEW_LOCK_MS),
        stalledInterval: deadWorkers ? Math.min(stalledInterval, LOOK_FOR_RELEASED_MS) : stalledInterval,
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
   * Resolves when every queue that this process adds jobs to can be used. BullMQ asks for that once: a queue that could
   * not be used at first never can.
   * @throws {StartError} when one cannot
   */
  async ready(): Promise<void> {
    await Promise.all([...this.#queues.values()].map((queue) => queue.waitUntilReady())).catch((error) => {
      throw unusable(error);
    });
  }

  /** How full each queue is that this process adds jobs to; one that does not answer is left out. */
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

  /** Stops what it has made, newest first; idempotent. */
  async stop(): Promise<void> {
    for (const owned of this.#owned.splice(0).reverse()) await owned.stop();
  }

  /**
   * Made with the first consumer: only who runs jobs needs it. Null where there are no other workers, and on a Cluster, whose nodes
   * each know only their own subscribers: there a dead worker's locks lapse.
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

  /** A store that is away fails every call: of faults that say the same, one a second is told. */
  #fault(error: Error, queue: string): void {
    const last = this.#faults.get(queue);
    const now = performance.now();
    if (last?.message === error.message && now - last.at < SAME_FAULT_MS) return;
    this.#faults.set(queue, { message: error.message, at: now });
    this.#options.onError(error, queue);
  }

  #own<T extends { stop(): Promise<void> }>(made: T): T {
    this.#owned.push(made);
    return made;
  }

  /** Who adds a job is told when Redis is unavailable; who runs jobs waits for it to come back. */
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

  /** BullMQ makes its connections to one server itself; a Cluster it takes, and leaves open when it closes. */
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
