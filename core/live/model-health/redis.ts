import type { RedisClient } from '../../redis/connect.ts';
import type { Log } from '../../telemetry/log.ts';
import type { LivePush } from '../push/live-push.ts';
import { type ModelHealth, PROBE_MS } from './model-health.ts';

export interface RedisModelHealthOptions {
  redis: RedisClient;
  push: LivePush;
  log: Log;
  /** Prefix of the keys and the channel. */
  prefix?: string;
  /** Unix milliseconds, the same in every process. Default: this machine's. */
  now?: () => number;
}

/**
 * {@link ModelHealth} between processes, on Redis: a hash of the open breakers with the ends of their rests. Each process has
 * a copy, which a push refreshes, so that a turn that begins calls Redis only to claim a probe.
 */
export class RedisModelHealth implements ModelHealth {
  readonly #options: RedisModelHealthOptions;
  readonly #key: string;
  #open = new Map<string, number>();
  #detach = () => {};

  private constructor(options: RedisModelHealthOptions) {
    this.#options = options;
    this.#key = `${options.prefix ?? 'taskflow'}:sick-models`;
  }

  static async open(options: RedisModelHealthOptions): Promise<RedisModelHealth> {
    const health = new RedisModelHealth(options);
    health.#detach = await options.push.attach(health.#key, () => void health.#read());
    await health.#read();
    return health;
  }

  async allowRequest(model: string): Promise<boolean> {
    const until = this.#open.get(model);
    if (until === undefined) return true;
    const now = this.#now();
    if (now < until) return false;
    return this.#orElse(async () => {
      const claimed = await this.#options.redis.set(this.#probe(model), '1', 'PX', PROBE_MS, 'NX');
      return claimed === 'OK';
    }, true);
  }

  async open(model: string, restMs: number): Promise<void> {
    const until = this.#now() + restMs;
    this.#open.set(model, until);
    // Removes the claim of a failed probe, so that the next one is due when the rest is over, however short that is.
    await this.#share((transaction) => transaction.hset(this.#key, model, until).del(this.#probe(model)));
  }

  async close(model: string): Promise<void> {
    if (!this.#open.delete(model)) return;
    await this.#share((transaction) => transaction.hdel(this.#key, model).del(this.#probe(model)));
  }

  isOpen(model: string): boolean {
    return this.#open.has(model);
  }

  openModels(): string[] {
    const now = this.#now();
    return [...this.#open].filter(([, until]) => now < until).map(([model]) => model);
  }

  async stop(): Promise<void> {
    this.#detach();
  }

  async #share(change: (transaction: ReturnType<RedisClient['multi']>) => unknown): Promise<void> {
    await this.#orElse(async () => {
      const transaction = this.#options.redis.multi();
      change(transaction);
      await transaction.publish(this.#key, 'changed').exec();
    }, undefined);
  }

  async #read(): Promise<void> {
    await this.#orElse(async () => {
      const open = Object.entries(await this.#options.redis.hgetall(this.#key));
      this.#open = new Map(open.map(([model, until]) => [model, Number(until)]));
    }, undefined);
  }

  /** Returns `otherwise` when Redis fails. The next push, or the next failure of the model, shares the state again. */
  async #orElse<T>(step: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await step();
    } catch (err) {
      this.#options.log.warn({ err }, 'circuit breakers of models are not shared');
      return otherwise;
    }
  }

  /** The key that the probe of a model holds. The braces keep it in the same slot of a Cluster as the hash. */
  #probe(model: string): string {
    return `{${this.#key}}:probe:${model}`;
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }
}
