import type { IQueueBackend, Queue } from 'bullmq';
import { StoreUnavailableError } from '../domain/errors.ts';
import type { JobDefinition } from './jobs.ts';
import { ATTEMPTS } from './retry.ts';

/** How long a permanently failed job is kept with its reason, in seconds. */
const FAILED_JOBS_AGE_SECONDS = 7 * 24 * 3_600;

type AnyQueue = Queue<unknown, unknown, string, unknown, unknown, string, IQueueBackend, unknown>;

/** The states of a stored job, in the order in which jobs pass through them: one that moves on meanwhile is read again. */
const STATES = ['delayed', 'waiting', 'active', 'completed', 'failed'] as const;
/** How many jobs are read at once: those of the log of calls can have 600 KB each. */
const PAGE = 50;

/** What to do with a job: `drop` removes it, too, but does not count it. */
export type Verdict = 'keep' | 'remove' | 'drop';
/** Judges the data of a page of jobs. Data that the schema of the jobs refuses is given as it is. */
type Judge = (data: readonly unknown[]) => Promise<readonly Verdict[]>;

/** How many jobs were to be removed. */
interface Removed {
  removed: number;
  /** Those that could not be removed, because they run. */
  running: number;
}

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

  /** Reads the jobs in every state, a page at a time, and removes those that `judge` says. */
  async removeAll(judge: Judge): Promise<Removed> {
    const done: Removed = { removed: 0, running: 0 };
    for (const state of STATES) {
      // Newest first: a job that is added or leaves meanwhile makes no other be passed over.
      for (let at = 0; ; ) {
        const page = await this.#answer(this.#queue.getJobs([state], at, at + PAGE - 1));
        if (page.length === 0) break;
        const verdicts = await judge(page.map(({ data }) => this.#read(data)));
        const gone = await Promise.all(
          page.map(({ id }, index) => this.#remove(id, verdicts[index] ?? 'keep', done)),
        );
        at += gone.filter((isGone) => !isGone).length;
      }
    }
    return done;
  }

  async #remove(id: string | undefined, verdict: Verdict, done: Removed): Promise<boolean> {
    if (verdict === 'keep' || id === undefined) return false;
    const isRemoved = (await this.#answer(this.#queue.remove(id))) > 0;
    if (verdict === 'remove') done[isRemoved ? 'removed' : 'running'] += 1;
    return isRemoved;
  }

  /** Drops the history of what happened to the jobs, which nothing here reads and which quotes why they failed. */
  async dropEvents(): Promise<void> {
    await this.#answer(this.#queue.trimEvents(0));
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

  #read(data: unknown): unknown {
    const parsed = this.#job.schema.safeParse(data);
    return parsed.success ? parsed.data : data;
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
