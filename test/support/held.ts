import { Redis } from 'ioredis';
import { vi } from 'vitest';
import type { TestSystem } from './harness.ts';

/** The resources that callers make a server hold. */
export interface Held {
  /** Open subscriptions, according to the metric. */
  subscriptions: number;
  /** Open sockets, according to the metric. */
  sockets: number;
  /** Whether somebody listens to the conversation. */
  present: boolean;
  /** The Redis channels to which the installation is subscribed; null without Redis. */
  channels: string[] | null;
}

/** Reads the resources that a server holds. `conversationId` is the UUID within the id. */
export class HeldResources {
  readonly #system: TestSystem;
  readonly #conversationId: string;
  readonly #redis: Redis | null;
  readonly #prefix: string;

  constructor(system: TestSystem, conversationId: string, env: Record<string, string>) {
    this.#system = system;
    this.#conversationId = conversationId;
    this.#redis = env.REDIS_URL ? new Redis(env.REDIS_URL) : null;
    this.#prefix = env.REDIS_PREFIX ?? '';
  }

  async now(): Promise<Held> {
    const { metrics, presence } = this.#system.app;
    return {
      subscriptions: await sumOf(metrics.subscriptionsActive),
      sockets: await sumOf(metrics.wsConnectionsActive),
      present: await presence.isAnyone(this.#conversationId),
      channels: await this.#channels(),
    };
  }

  /** Waits until that many subscriptions are open. */
  async untilSubscriptions(count: number): Promise<void> {
    await vi.waitFor(async () => {
      const { subscriptions } = await this.now();
      if (subscriptions !== count) throw new Error(`${subscriptions} subscriptions are open, not ${count}`);
    }, WAIT);
  }

  close(): void {
    this.#redis?.disconnect();
  }

  async #channels(): Promise<string[] | null> {
    if (!this.#redis) return null;
    const channels = (await this.#redis.pubsub('CHANNELS', `*${this.#prefix}*`)) as string[];
    // The channel of a heartbeat belongs to the connection, not to its listeners.
    return channels.filter((channel) => !channel.includes(':beat:')).sort();
  }
}

/** How long to wait for a condition, in milliseconds. */
export const WAIT = { timeout: 60_000, interval: 5 };

/** The value of a metric, over all of its labels. */
export async function sumOf(gauge: { get(): Promise<{ values: { value: number }[] }> }): Promise<number> {
  const { values } = await gauge.get();
  return values.reduce((sum, { value }) => sum + value, 0);
}
