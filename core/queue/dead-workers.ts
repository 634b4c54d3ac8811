import { Redis, type RedisOptions } from 'ioredis';
import { RELEASE_SCRIPT } from './release-script.ts';

export interface DeadWorkersOptions {
  /** Options of a connection that waits for Redis (blocking), and of one that fails at once (failFast). */
  blocking: RedisOptions;
  failFast: RedisOptions;
  /** Prefix of every key, with the braces that keep the keys in one slot. */
  prefix: string;
  onError: (error: Error) => void;
  /** Default: {@link TIMES}. */
  times?: Times;
}

/** In milliseconds. */
export interface Times {
  /** Time between two checks. */
  lookEvery: number;
  /** How long a worker's connection may be lost before the worker counts as dead: a live worker reconnects after 0.1 or 0.3 s. */
  goneFor: number;
  /** Checks that are further apart mean that Redis itself was unavailable. */
  unbroken: number;
  /** Time after which every worker has reconnected to a Redis that was unavailable. */
  settled: number;
}

const TIMES: Times = { lookEvery: 250, goneFor: 750, unbroken: 1_000, settled: 2_500 };

/**
 * Releases the jobs of workers that died, so that other workers continue them within about 2 s instead of when their locks
 * expire. A worker is alive as long as Redis has its connection, a subscription to a channel of its own: the operating
 * system closes that when the process dies, however it dies, and keeps it while the process is busy, blocked or starved.
 * So a slow worker never counts as dead. A machine that loses its network is not detected: its jobs are released when
 * their locks expire.
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

  /** Registers a worker. Once this resolves, others see it as alive until this process dies or stops. */
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
