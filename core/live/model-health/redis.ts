import type { RedisClient } from '../../redis/connect.ts';
import type { Log } from '../../telemetry/log.ts';
import type { LivePush } from '../push/live-push.ts';
import { type ModelHealth, PROBE_MS } from './model-health.ts';

export interface RedisModelHealthOptions {
  redis: RedisClient;
  push: LivePush;
  log: Log;
  /** Before the key and the channel. */
  prefix?: string;
  /** Unix milliseconds, the same in every process. Default: this machine's. */
  now?: () => number;
}

/**
 * The health of models as all processes on a Redis know it: a hash of the sick ones, by the time until which they
 * rest. Each process keeps a copy, renewed by a push, so that a turn that begins asks Redis only to claim a probe.
 */
export class RedisModelHealth implements ModelHealth {
  readonly #options: RedisModelHealthOptions;
  readonly #key: string;
  #sick = new Map<string, number>();
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
    const until = this.#sick.get(model);
    if (until === undefined) return true;
    const now = this.#now();
    if (now < until) return false;
    return this.#quietly(async () => {
      const claimed = await this.#options.redis.set(this.#probe(model), '1', 'PX', PROBE_MS, 'NX');
      return claimed === 'OK';
    }, true);
  }

  async open(model: string, restMs: number): Promise<void> {
    const until = this.#now() + restMs;
    this.#sick.set(model, until);
    // Of a probe that failed nothing is left: the next is due when the rest is over, however short that is.
    await this.#tell((transaction) => transaction.hset(this.#key, model, until).del(this.#probe(model)));
  }

  async close(model: string): Promise<void> {
    if (!this.#sick.delete(model)) return;
    await this.#tell((transaction) => transaction.hdel(this.#key, model).del(this.#probe(model)));
  }

  isOpen(model: string): boolean {
    return this.#sick.has(model);
  }

  async stop(): Promise<void> {
    this.#detach();
  }

  async #tell(change: (transaction: ReturnType<RedisClient['multi']>) => unknown): Promise<void> {
    await this.#quietly(async () => {
      const transaction = this.#options.redis.multi();
      change(transaction);
      await transaction.publish(this.#key, 'changed').exec();
    }, undefined);
  }

  async #read(): Promise<void> {
    await this.#quietly(async () => {
      const sick = Object.entries(await this.#options.redis.hgetall(this.#key));
      this.#sick = new Map(sick.map(([model, until]) => [model, Number(until)]));
    }, undefined);
  }

  /** The next push, or the next failure of the model, tells again. */
  async #quietly<T>(step: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await step();
    } catch (err) {
      this.#options.log.warn({ err }, 'the health of models is not shared');
      return otherwise;
    }
  }

  /** The key that the prober of a model holds. On a Cluster it lives where the hash does: braces hash what is within. */
  #probe(model: string): string {
    return `{${this.#key}}:probe:${model}`;
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }
}
