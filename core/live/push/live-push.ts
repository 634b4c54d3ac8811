import { randomUUID } from 'node:crypto';
import { RedisPubSub } from 'graphql-redis-subscriptions';
import type { Redis } from 'ioredis';
import { within } from '../../async/within.ts';
import { StoreUnavailableError } from '../../domain/errors.ts';
import type { RedisClient } from '../../redis/connect.ts';

type Listener = (push: unknown) => void;

/** How long Redis has to acknowledge a subscription, in milliseconds. */
const ATTACH_WITHIN_MS = 1_500;
/** Between two heartbeats, in milliseconds. */
const BEAT_MS = 2_000;
/** How many heartbeats in a row may be published and not heard before the subscriber connects again. */
const LOST_BEATS = 2;

/**
 * What is published while it happens, by graphql-redis-subscriptions. A message is parsed once for all of a process's
 * listeners. After a lost connection every listener is handed null, once the subscriptions stand again: look again.
 * A heartbeat that is published and not heard shows that the subscriber's server is not the one that is written to any
 * more, or has frozen: then it connects again.
 */
export class LivePush {
  readonly #publisher: RedisClient;
  readonly #pubsub: RedisPubSub;
  readonly #subscriber: Redis;
  readonly #listeners = new Set<Listener>();
  readonly #heart: NodeJS.Timeout;
  readonly #beats: string;
  #listening: Promise<boolean> | null = null;
  /** How many beats were published and not heard. */
  #unheard = 0;
  #stopped = false;
  readonly #onReady = () => {
    this.#unheard = 0;
    setImmediate(() => this.#lookAgain());
  };

  /** `prefix` comes before the heartbeat's channel. */
  constructor(publisher: RedisClient, subscriber: Redis, prefix = 'taskflow', beatMs = BEAT_MS) {
    this.#publisher = publisher;
    this.#subscriber = subscriber;
    this.#pubsub = new RedisPubSub({
      publisher,
      subscriber: withoutRefusals(subscriber) as Redis,
      deserializer: parse,
    });
    this.#beats = `${prefix}:beat:${randomUUID()}`;
    this.#heart = setInterval(() => void this.#beat(), beatMs);
    this.#heart.unref();
    subscriber.on('ready', this.#onReady);
  }

  /** Whether what is published arrives, as far as is known. */
  get isConnected(): boolean {
    return this.#subscriber.status === 'ready' && this.#unheard < LOST_BEATS;
  }

  /** Resolves once Redis has acknowledged: what is published from then on reaches the listener. */
  async attach(channel: string, listener: Listener): Promise<() => void> {
    let over = false;
    const subscribed = subscribe(this.#pubsub, channel, listener);
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
      throw new StoreUnavailableError('Redis does not acknowledge a subscription', { cause: error });
    }
    this.#listeners.add(listener);
    return detach;
  }

  /** Call it before the connection is closed. Whoever attached ends its listeners first. */
  stop(): void {
    this.#stopped = true;
    clearInterval(this.#heart);
    this.#subscriber.off('ready', this.#onReady);
  }

  async #beat(): Promise<void> {
    if (this.#subscriber.status !== 'ready') return;
    if (this.#unheard >= LOST_BEATS) return this.#subscriber.disconnect(true);
    // Not before the connection is ready: ioredis sends a subscription ahead of what it checks first.
    this.#listening ??= this.#listen();
    if (!(await this.#listening)) return clearInterval(this.#heart);
    const before = this.#unheard;
    this.#unheard += 1;
    // Where nothing can be published nothing is learnt.
    await this.#publisher.publish(this.#beats, 'beat').catch(() => {
      this.#unheard = before;
    });
  }

  /** False where Redis lets this user not subscribe to the channel: then there are no heartbeats. */
  #listen(): Promise<boolean> {
    const heard = () => {
      this.#unheard = 0;
    };
    return subscribe(this.#pubsub, this.#beats, heard).then(
      () => true,
      () => false,
    );
  }

  /** ioredis subscribes again when it is ready; a ping after that is answered after those subscriptions are. */
  async #lookAgain(): Promise<void> {
    if (this.#listeners.size === 0) return;
    await this.#subscriber.ping().catch(() => {});
    for (const listener of [...this.#listeners]) listener(null);
  }
}

/**
 * Subscribes. The library keeps a second promise for concurrent subscribers of the same channel. Without any, its rejection would
 * be unhandled.
 */
function subscribe(pubsub: RedisPubSub, channel: string, listener: Listener): Promise<number> {
  const subscribed = pubsub.subscribe(channel, listener);
  const { subsPendingRefsMap } = pubsub as unknown as {
    subsPendingRefsMap: ReadonlyMap<string, { pending: PromiseLike<unknown> }>;
  };
  subsPendingRefsMap.get(channel)?.pending.then(undefined, () => {});
  return subscribed;
}

/** The part of the subscriber that the library uses. It ignores the result of unsubscribing, and so do we. */
function withoutRefusals(subscriber: Redis): unknown {
  return {
    on: subscriber.on.bind(subscriber),
    subscribe: subscriber.subscribe.bind(subscriber),
    unsubscribe: (channel: string) => subscriber.unsubscribe(channel).catch(() => {}),
    punsubscribe: (channel: string) => subscriber.punsubscribe(channel).catch(() => {}),
  };
}

/** An event, the id of a turn, or `null` for a conversation that was removed. */
function parse(message: string | Buffer): unknown {
  const text = message.toString();
  if (text === 'null') return 'removed';
  // The log goes on under a new epoch.
  if (text === 'false') return null;
  return text.startsWith('{') ? JSON.parse(text) : text;
}
