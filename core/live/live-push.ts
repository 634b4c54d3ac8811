import { RedisPubSub } from 'graphql-redis-subscriptions';
import type { Redis } from 'ioredis';
import { FeedUnavailableError } from '../feed/feed.ts';
import { within } from '../within.ts';

type Listener = (push: unknown) => void;

/** How long Redis has to acknowledge a subscription, in milliseconds. */
const ATTACH_WITHIN_MS = 1_500;

/**
 * What is published while it happens, by graphql-redis-subscriptions. A message is parsed once for all of a process's
 * listeners. After a lost connection every listener is handed null, once the subscriptions stand again: look again.
 */
export class LivePush {
  readonly #pubsub: RedisPubSub;
  readonly #subscriber: Redis;
  readonly #listeners = new Set<Listener>();
  #stopped = false;
  readonly #onReady = () => void setImmediate(() => this.#lookAgain());

  constructor(publisher: Redis, subscriber: Redis) {
    this.#pubsub = new RedisPubSub({ publisher, subscriber, deserializer: parse });
    this.#subscriber = subscriber;
    subscriber.on('ready', this.#onReady);
  }

  /** Resolves once Redis has acknowledged: what is published from then on reaches the listener. */
  async attach(channel: string, listener: Listener): Promise<() => void> {
    let over = false;
    const subscribed = this.#pubsub.subscribe(channel, listener);
    const detach = () => {
      if (over) return;
      over = true;
      this.#listeners.delete(listener);
      // The connection is about to go, and its subscriptions with it.
      if (this.#stopped) return;
      // A subscription that Redis never acknowledged has nothing to undo.
      subscribed.then((id) => this.#pubsub.unsubscribe(id)).catch(() => {});
    };
    try {
      await within(ATTACH_WITHIN_MS, subscribed);
    } catch (error) {
      detach();
      throw new FeedUnavailableError('Redis does not acknowledge a subscription', { cause: error });
    }
    this.#listeners.add(listener);
    return detach;
  }

  /** Call it before the connection is closed. Whoever attached ends its listeners first. */
  stop(): void {
    this.#stopped = true;
    this.#subscriber.off('ready', this.#onReady);
  }

  /** ioredis subscribes again when it is ready; a ping after that is answered after those subscriptions are. */
  async #lookAgain(): Promise<void> {
    if (this.#listeners.size === 0) return;
    await this.#subscriber.ping().catch(() => {});
    for (const listener of [...this.#listeners]) listener(null);
  }
}

/** An event, the id of a turn, or `null` for a conversation that was removed. */
function parse(message: string | Buffer): unknown {
  const text = message.toString();
  if (text === 'null') return 'removed';
  return text.startsWith('{') ? JSON.parse(text) : text;
}
