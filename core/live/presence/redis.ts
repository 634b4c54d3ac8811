import { randomUUID } from 'node:crypto';
import type { RedisClient } from '../../redis/connect.ts';
import type { Log } from '../../telemetry/log.ts';
import { MemoryPresence } from './memory.ts';
import type { Presence } from './presence.ts';

export interface RedisPresenceOptions {
  redis: RedisClient;
  log: Log;
  /** Prefix of every key. */
  prefix?: string;
  /** How long a process counts as alive after its last heartbeat, in milliseconds. It sends three in that time. */
  lifetimeMs?: number;
  /** Unix milliseconds, the same in every process. Default: this machine's. */
  now?: () => number;
}

/**
 * {@link Presence} between processes, on Redis: for each conversation a sorted set of the processes that have listeners of it,
 * by the time until which each counts as alive. Each process counts its own listeners in memory.
 */
export class RedisPresence implements Presence {
  readonly #redis: RedisClient;
  readonly #log: Log;
  readonly #prefix: string;
  readonly #lifetimeMs: number;
  readonly #now: () => number;
  readonly #here = new MemoryPresence();
  readonly #conversations = new Set<string>();
  readonly #process = randomUUID();
  readonly #heartbeat: NodeJS.Timeout;

  constructor({ redis, log, prefix = 'taskflow', lifetimeMs = 24_000, now }: RedisPresenceOptions) {
    this.#redis = redis;
    this.#log = log;
    this.#prefix = prefix;
    this.#lifetimeMs = lifetimeMs;
    this.#now = now ?? Date.now;
    this.#heartbeat = setInterval(() => void this.#beat(), lifetimeMs / 3);
    this.#heartbeat.unref();
  }

  async join(conversationId: string): Promise<() => void> {
    const leave = await this.#here.join(conversationId);
    this.#conversations.add(conversationId);
    await this.#show([conversationId]);
    return () => {
      leave();
      void this.#leave(conversationId);
    };
  }

  async isAnyone(conversationId: string): Promise<boolean> {
    return (await this.#redis.zcount(this.#key(conversationId), this.#now(), '+inf')) > 0;
  }

  /** Sends no more heartbeats, as a process that dies: its entries expire. */
  fallSilent(): void {
    clearInterval(this.#heartbeat);
  }

  async stop(): Promise<void> {
    this.fallSilent();
    await this.#here.stop();
    for (const conversationId of [...this.#conversations]) await this.#leave(conversationId);
  }

  async #leave(conversationId: string): Promise<void> {
    if (await this.#here.isAnyone(conversationId)) return;
    this.#conversations.delete(conversationId);
    await this.#redis.zrem(this.#key(conversationId), this.#process).catch(() => {});
  }

  async #beat(): Promise<void> {
    await this.#show([...this.#conversations]);
  }

  /** The next heartbeat retries a failure. On a Cluster a pipeline goes to one server, so each conversation has its own. */
  async #show(conversationIds: readonly string[]): Promise<void> {
    if (conversationIds.length === 0) return;
    const groups = this.#redis.isCluster ? conversationIds.map((id) => [id]) : [conversationIds];
    const failures = await Promise.all(groups.map((group) => this.#showGroup(group)));
    const err = failures.find(Boolean);
    if (err) this.#log.warn({ err }, 'presence was not updated');
  }

  /** Returns the first error, if there is one. */
  async #showGroup(conversationIds: readonly string[]): Promise<Error | undefined> {
    const until = this.#now() + this.#lifetimeMs;
    const pipeline = this.#redis.pipeline();
    for (const conversationId of conversationIds) {
      const key = this.#key(conversationId);
      pipeline.zadd(key, until, this.#process).pexpire(key, this.#lifetimeMs);
    }
    const replies = await pipeline.exec().catch((err: Error): [Error, unknown][] => [[err, null]]);
    return replies?.find(([error]) => error)?.[0] ?? undefined;
  }

  #key(conversationId: string): string {
    return `${this.#prefix}:{${conversationId}}:presence`;
  }
}
