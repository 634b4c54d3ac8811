import type { Redis } from 'ioredis';
import { StoreUnavailableError } from '../domain/errors.ts';

/** Identifies the run of the server that commands reach: a string, or a promise until a new connection has learned it. */
export interface ServerRun {
  readonly current: string | Promise<string>;
}

/**
 * The run of the server behind a connection. It changes with a restart or a failover. Both may have lost the newest writes.
 * Empty if the server does not state it.
 */
export class RedisRun implements ServerRun {
  readonly #redis: Redis;
  #run: string | Promise<string> = '';
  #learn: ((run: string) => void) | null = null;
  #fail: ((error: Error) => void) | null = null;

  /** Create it before the client is connected. */
  constructor(redis: Redis) {
    this.#redis = redis;
    this.#reset();
    redis.on('connect', () => this.#reset());
    redis.on('ready', () => void this.#ask());
    redis.on('close', () => this.#fail?.(new StoreUnavailableError('the connection to Redis is closed')));
  }

  get current(): string | Promise<string> {
    return this.#run;
  }

  /** Makes callers wait for the new run. It runs on `connect`, as ioredis sends commands a tick before it emits `ready`. */
  #reset(): void {
    // Callers that already wait keep their promise.
    if (this.#learn) return;
    const run = new Promise<string>((resolve, reject) => {
      this.#learn = resolve;
      this.#fail = (error) => {
        this.#learn = null;
        reject(error);
      };
    });
    run.catch(() => {});
    this.#run = run;
  }

  async #ask(): Promise<void> {
    const [learn, fail] = [this.#learn, this.#fail];
    try {
      const run = /^run_id:(\w+)/m.exec(await this.#redis.info('server'))?.[1] ?? '';
      learn?.(run);
      if (learn !== this.#learn) return;
      this.#run = run;
      this.#learn = null;
    } catch (error) {
      if (fail === this.#fail) fail?.(error as Error);
    }
  }
}
