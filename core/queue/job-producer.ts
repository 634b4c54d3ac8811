import type { IQueueBackend, Queue } from 'bullmq';
import { StoreUnavailableError } from '../domain/errors.ts';
import type { JobDefinition } from './jobs.ts';
import { ATTEMPTS } from './retry.ts';

/** How long a permanently failed job is kept with its reason, in seconds. */
const FAILED_JOBS_AGE_SECONDS = 7 * 24 * 3_600;

type AnyQueue = Queue<unknown, unknown, string, unknown, unknown, string, IQueueBackend, unknown>;

/** Adds jobs of one kind. Every call rejects with {@link StoreUnavailableError} when the store does not answer. */
export class JobProducer<T> {
  readonly #job: JobDefinition<T>;
  readonly #queue: AnyQueue;
  readonly #faultOf: (error: unknown) => unknown;

  /** `faultOf` maps an error of the queue to the one that the caller gets. */
  constructor(job: JobDefinition<T>, queue: AnyQueue, faultOf: (error: unknown) => unknown) {
    this.#job = job;
    this.#queue = queue;
    this.#faultOf = faultOf;
  }

  /** Adds a job. Has no effect while a job with the same id exists, including a permanently failed one. */
  async add(data: T): Promise<void> {
    const parsed = this.#job.schema.parse(data);
    const { tries } = this.#job;
    await this.#answer(
      this.#queue.add(this.#job.queue, parsed, {
        ...KEPT,
        ...(tries && { attempts: tries.attempts, backoff: { type: 'exponential', delay: tries.waitMs } }),
        jobId: this.#job.id(parsed),
      }),
    );
  }

  /**
   * Schedules one run of the job after `delayMs`, replacing the run that was armed before. While the job runs, this arms its
   * next run.
   */
  async arm(data: T, delayMs: number): Promise<void> {
    const parsed = this.#job.schema.parse(data);
    await this.#answer(
      this.#queue.add(this.#job.queue, parsed, {
        ...KEPT,
        ...NEW_TRACE,
        // PostgreSQL takes only whole milliseconds.
        delay: Math.ceil(delayMs),
        deduplication: { id: this.#job.id(parsed), replace: true, keepLastIfActive: true },
      }),
    );
  }

  /** Cancels an armed job. Returns whether one was armed. */
  async disarm(data: T): Promise<boolean> {
    const armed = await this.#answer(this.#queue.getDeduplicationJobId(this.#job.id(data)));
    return armed ? (await this.#answer(this.#queue.remove(armed))) > 0 : false;
  }

  /** Whether a job with this id is armed and has not finished. */
  async isArmed(data: T): Promise<boolean> {
    return Boolean(await this.#answer(this.#queue.getDeduplicationJobId(this.#job.id(data))));
  }

  /** Adds a job of this kind every `everyMs`, once for the whole installation. */
  async schedule(data: T, everyMs: number): Promise<void> {
    const parsed = this.#job.schema.parse(data);
    await this.#answer(
      this.#queue.upsertJobScheduler(
        this.#job.id(parsed),
        { every: everyMs },
        {
          name: this.#job.queue,
          data: parsed,
          opts: { ...NEW_TRACE, removeOnComplete: true, removeOnFail: 10 },
        },
      ),
    );
  }

  /** Why a job failed permanently; undefined when none did. */
  async failureOf(data: T): Promise<string | undefined> {
    const job = await this.#answer(this.#queue.getJob(this.#job.id(data)));
    return job && (await this.#answer(job.isFailed())) ? job.failedReason : undefined;
  }

  /** Removes a permanently failed job, so that it can be added again. */
  async removeFailed(data: T): Promise<void> {
    const id = this.#job.id(data);
    if ((await this.#answer(this.#queue.getJobState(id))) !== 'failed') return;
    await this.#answer(this.#queue.remove(id));
  }

  /** Whether a job waits, is delayed or runs. */
  async isAlive(data: T): Promise<boolean> {
    const state = await this.#answer(this.#queue.getJobState(this.#job.id(data)));
    return state !== 'unknown' && state !== 'completed' && state !== 'failed';
  }

  /** Resolves when the queue accepts writes: deletes a key that does not exist. One round trip. */
  async checkWritable(): Promise<void> {
    await this.#answer(this.#queue.removeDeduplicationKey('readiness-probe'));
  }

  async stop(): Promise<void> {
    await this.#queue.close();
  }

  async #answer<R>(reply: Promise<R>): Promise<R> {
    return reply.catch((error) => {
      throw this.#faultOf(error);
    });
  }
}

/** Each run of a timer begins a new trace: timers that arm one another would otherwise extend one trace without an end. */
const NEW_TRACE = { telemetry: { omitContext: true } };

const KEPT = {
  attempts: ATTEMPTS,
  backoff: { type: 'custom' },
  removeOnComplete: true,
  removeOnFail: { age: FAILED_JOBS_AGE_SECONDS },
};
