import type { IQueueBackend, Queue } from 'bullmq';
import { StoreUnavailableError } from '../domain/errors.ts';
import type { JobDefinition } from './jobs.ts';
import { ATTEMPTS } from './retry.ts';

/** How long a job that failed for good is kept, with its reason, in seconds. */
const FAILED_JOBS_AGE_SECONDS = 7 * 24 * 3_600;

type AnyQueue = Queue<unknown, unknown, string, unknown, unknown, string, IQueueBackend, unknown>;

/** Adds jobs of one kind. Every call rejects with {@link StoreUnavailableError} when the store behind it does not answer. */
export class JobProducer<T> {
  readonly #job: JobDefinition<T>;
  readonly #queue: AnyQueue;
  readonly #faultOf: (error: unknown) => unknown;

  /** `faultOf`: what an error of the queue says to its caller. */
  constructor(job: JobDefinition<T>, queue: AnyQueue, faultOf: (error: unknown) => unknown) {
    this.#job = job;
    this.#queue = queue;
    this.#faultOf = faultOf;
  }

  /** Adds a job; while there is one of the same id, also one that failed for good, nothing changes. */
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
   * Has the job run once after `delayMs`, instead of when it was armed for before. While it runs, it is armed for its
   * next run.
   */
  async arm(data: T, delayMs: number): Promise<void> {
    const parsed = this.#job.schema.parse(data);
    await this.#answer(
      this.#queue.add(this.#job.queue, parsed, {
        ...KEPT,
        ...OF_ITS_OWN,
        // PostgreSQL takes whole ones alone.
        delay: Math.ceil(delayMs),
        deduplication: { id: this.#job.id(parsed), replace: true, keepLastIfActive: true },
      }),
    );
  }

  /** Has an armed job not run; answers whether one was armed. */
  async disarm(data: T): Promise<boolean> {
    const armed = await this.#answer(this.#queue.getDeduplicationJobId(this.#job.id(data)));
    return armed ? (await this.#answer(this.#queue.remove(armed))) > 0 : false;
  }

  /** Whether a job of this id is armed, and has not run to its end. */
  async isArmed(data: T): Promise<boolean> {
    return Boolean(await this.#answer(this.#queue.getDeduplicationJobId(this.#job.id(data))));
  }

  /** Has a job of this kind added every `everyMs`, once for the whole installation. */
  async schedule(data: T, everyMs: number): Promise<void> {
    const parsed = this.#job.schema.parse(data);
    await this.#answer(
      this.#queue.upsertJobScheduler(
        this.#job.id(parsed),
        { every: everyMs },
        {
          name: this.#job.queue,
          data: parsed,
          opts: { ...OF_ITS_OWN, removeOnComplete: true, removeOnFail: 10 },
        },
      ),
    );
  }

  /** Why a job failed for good; undefined when there is none that did. */
  async failureOf(data: T): Promise<string | undefined> {
    const job = await this.#answer(this.#queue.getJob(this.#job.id(data)));
    return job && (await this.#answer(job.isFailed())) ? job.failedReason : undefined;
  }

  /** Forgets a job that failed for good, so that it can be added again. */
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

  /** Resolves when the queue takes writes: it deletes what is not there. One round trip. */
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

/** What a timer does is a trace of its own: those that set one another would make one without an end. */
const OF_ITS_OWN = { telemetry: { omitContext: true } };

const KEPT = {
  attempts: ATTEMPTS,
  backoff: { type: 'custom' },
  removeOnComplete: true,
  removeOnFail: { age: FAILED_JOBS_AGE_SECONDS },
};
