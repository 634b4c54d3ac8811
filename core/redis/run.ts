import type { Redis } from 'ioredis';
import { StoreUnavailableError } from '../domain/errors.ts';

/** Which run of the server commands reach: a string, or a promise while a new connection has not told yet. */
export interface ServerRun {
  readonly current: string | Promise<string>;
}

/**
 * Which run of the server a connection leads to: another one after a restart or a failover, either of which may have
 * lost the newest writes. Empty where the server does not tell.
 */
export class RedisRun implements ServerRun {
  readonly #redis: Redis;
  #run: string | Promise<string> = '';
  #learn: ((run: string) => void) | null = null;
  #fail: ((error: Error) => void) | null = null;

  /** Hand it the connection before it is connected. */
  constructor(redis: Redis) {
    this.#redis = redis;
    this.#forget();
    redis.on('connect', () => this.#forget());
    redis.on('ready', () => void this.#ask());
    redis.on('close', () => this.#fail?.(new StoreUnavailableError('the connection to Redis is closed')));
  }

  get current(): string | Promise<string> {
    return this.#run;
  }

  /** ioredis is ready a tick before it says so: what is asked for from now on waits. */
  #forget(): void {
    // Who waits already goes on waiting for the same answer.
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
