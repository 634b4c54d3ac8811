import type { Redis } from 'ioredis';

/**
 * Which run of the server a connection leads to: another one after a restart or a failover, either of which may have
 * lost the newest writes. Empty where the server does not tell.
 */
export class RedisRun {
  readonly #redis: Redis;
  #run: string | Promise<string> = '';
  #learn: ((run: string) => void) | null = null;
  #fail: ((error: Error) => void) | null = null;

  /** Hand it the connection before it is connected. */
  constructor(redis: Redis) {
    this.#redis = redis;
    redis.on('connect', () => this.#forget());
    redis.on('ready', () => void this.#ask());
    redis.on('close', () => this.#fail?.(new Error('the connection is closed')));
  }

  /** Of the connection as it stands; a promise while a new connection has not told yet. */
  get current(): string | Promise<string> {
    return this.#run;
  }

  /** ioredis is ready a tick before it says so: what is asked for from now on waits. */
  #forget(): void {
    const run = new Promise<string>((resolve, reject) => {
      this.#learn = resolve;
      this.#fail = reject;
    });
    run.catch(() => {});
    this.#run = run;
  }

  async #ask(): Promise<void> {
    const learn = this.#learn;
    try {
      const run = /^run_id:(\w+)/m.exec(await this.#redis.info('server'))?.[1] ?? '';
      learn?.(run);
      if (learn === this.#learn) this.#run = run;
    } catch (error) {
      this.#fail?.(error as Error);
    }
  }
}
