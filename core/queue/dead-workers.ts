import { Redis, type RedisOptions } from 'ioredis';
import { RELEASE_SCRIPT } from './release-script.ts';

export interface DeadWorkersOptions {
  /** Options of a connection that waits for Redis, and of one that fails at once. */
  blocking: RedisOptions;
  failFast: RedisOptions;
  /** Before every key, in the braces that keep them in one slot. */
  prefix: string;
  onError: (error: Error) => void;
  /** Default: {@link TIMES}. */
  times?: Times;
}

/** In milliseconds. */
export interface Times {
  /** Between two looks. */
  lookEvery: number;
  /** How long a worker's connection may be gone before it is taken for dead: one that was lost alone is back after 0.1 or 0.3 s. */
  goneFor: number;
  /** Looks that are further apart say that Redis itself was unavailable. */
  unbroken: number;
  /** After which every worker has found back to a Redis that was unavailable. */
  settled: number;
}

const TIMES: Times = { lookEvery: 250, goneFor: 750, unbroken: 1_000, settled: 2_500 };

/**
 * Releases the jobs of workers that died, so that others go on with them within about 2 s instead of when their locks
 * lapse. A worker is alive as long as Redis has its connection, a subscription to a channel of its own: the operating
 * system closes that when the process dies, however it dies, and keeps it while the process is busy, blocked or starved.
 * So nobody is taken for dead for being slow. What this cannot see is a machine that is cut off without a word: its jobs
 * are released when their locks lapse.
 */
export class DeadWorkers {
  readonly #subscriber: Redis;
  readonly #redis: Redis;
  readonly #ready: Promise<void>;
  readonly #prefix: string;
  readonly #onError: (error: Error) => void;
  readonly #times: Times;
  /** Queue and id of each BullMQ worker of this process. */
  readonly #workers: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | null = null;

  constructor({ blocking, failFast, prefix, onError, times = TIMES }: DeadWorkersOptions) {
    this.#subscriber = new Redis(blocking);
    this.#redis = new Redis(failFast);
    this.#prefix = prefix;
    this.#onError = onError;
    this.#times = times;
    this.#ready = new Promise((resolve) => this.#redis.once('ready', resolve));
    for (const connection of [this.#subscriber, this.#redis]) connection.on('error', onError);
  }

  /** From when it resolves until this process dies or stops, others know that this worker is alive. */
  async join(queue: string, workerId: string): Promise<void> {
    await this.#subscriber.subscribe(`${this.#prefix}:worker:${workerId}`);
    this.#workers.push(`${queue}:${workerId}`);
    await this.#ready;
    await this.#look();
    this.#timer ??= setInterval(() => {
      this.#looking ??= this.#look()
        .catch(this.#onError)
        .finally(() => {
          this.#looking = null;
        });
    }, this.#times.lookEvery);
  }

  /** Idempotent. Stop the workers first. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
    this.#subscriber.disconnect();
    this.#redis.disconnect();
  }

  async #look(): Promise<void> {
    const { goneFor, unbroken, settled } = this.#times;
    const keys = [`${this.#prefix}:workers`, this.#prefix] as const;
    await this.#redis.eval(RELEASE_SCRIPT, 1, ...keys, goneFor, unbroken, settled, ...this.#workers);
  }
}
