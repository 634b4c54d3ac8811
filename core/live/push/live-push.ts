import { randomUUID } from 'node:crypto';
import { RedisPubSub } from 'graphql-redis-subscriptions';
import type { Redis } from 'ioredis';
import { within } from '../../async/within.ts';
import { StoreUnavailableError } from '../../domain/errors.ts';
import type { RedisClient } from '../../redis/connect.ts';
import { MessageTurns } from './message-turns.ts';

type Listener = (push: unknown) => void;

/** How long Redis may take to acknowledge a subscription, in milliseconds. */
const ATTACH_WITHIN_MS = 1_500;
/** Time between two heartbeats, in milliseconds. */
const BEAT_MS = 2_000;
/** How many heartbeats in a row may be lost before the subscriber reconnects. */
const LOST_BEATS = 2;

/**
 * Live messages by graphql-redis-subscriptions. A message is parsed once for all listeners of a process. After a lost
 * connection every listener receives null once the subscriptions are restored: it must read again.
 * A heartbeat that is published but does not arrive shows that the subscriber's server is no longer the one that is written
 * to, or has frozen: then the subscriber reconnects.
 */
export class LivePush {
  readonly #publisher: RedisClient;
  readonly #pubsub: RedisPubSub;
  readonly #subscriber: Redis;
  readonly #listeners = new Set<Listener>();
  readonly #heart: NodeJS.Timeout;
  readonly #beats: string;
  #listening: Promise<boolean> | null = null;
  /** How many heartbeats in a row were published and did not arrive. */
  #unheard = 0;
  #turns: MessageTurns | null = null;
  #stopped = false;
  readonly #onReady = () => {
    this.#unheard = 0;
    setImmediate(() => this.#notifyReconnected());
  };

  /** `prefix`: of the heartbeat's channel. */
  constructor(publisher: RedisClient, subscriber: Redis, prefix = 'taskflow', beatMs = BEAT_MS) {
    this.#publisher = publisher;
    this.#subscriber = subscriber;
    this.#pubsub = new RedisPubSub({ publisher, subscriber: this.#paced(subscriber) as Redis });
    this.#beats = `${prefix}:beat:${randomUUID()}`;
    this.#heart = setInterval(() => void this.#beat(), beatMs);
    this.#heart.unref();
    subscriber.on('ready', this.#onReady);
  }

  /** Whether published messages arrive, as far as the heartbeat shows. */
  get isConnected(): boolean {
    return this.#subscriber.status === 'ready' && this.#unheard < LOST_BEATS;
  }

  /** Resolves once Redis has acknowledged the subscription: messages published from then on reach the listener. */
  async attach(channel: string, listener: Listener): Promise<() => void> {
    let over = false;
    const subscribed = subscribe(this.#pubsub, channel, listener);
    const detach = () => {
      if (over) return;
      over = true;
      this.#listeners.delete(listener);
      // The connection is about to close, which ends its subscriptions.
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

  /** Call it before closing the connection, after ending the listeners. */
  stop(): void {
    this.#stopped = true;
    this.#turns?.stop();
    clearInterval(this.#heart);
    this.#subscriber.off('ready', this.#onReady);
  }

  /**
   * The part of the subscriber that the library uses. The library ignores the result of unsubscribing, so errors are dropped.
   * Messages are parsed before the library gets them: it would copy each for its deserializer.
   */
  #paced(subscriber: Redis): unknown {
    const on = (event: string, listener: (channel: string, message: unknown) => void) => {
      if (event !== 'message') return subscriber.on(event, listener);
      const source = { pause: () => subscriber.stream?.pause(), resume: () => subscriber.stream?.resume() };
      const turns = new MessageTurns((channel, message) => listener(channel, parse(message)), source);
      this.#turns = turns;
      return subscriber.on(event, (channel: string, message: string) => turns.add(channel, message));
    };
    return {
      on,
      subscribe: subscriber.subscribe.bind(subscriber),
      unsubscribe: (channel: string) => subscriber.unsubscribe(channel).catch(() => {}),
      punsubscribe: (channel: string) => subscriber.punsubscribe(channel).catch(() => {}),
    };
  }

  async #beat(): Promise<void> {
    if (this.#subscriber.status !== 'ready') return;
    if (this.#unheard >= LOST_BEATS) return this.#subscriber.disconnect(true);
    // Only once the connection is ready: ioredis would send the subscription before its own ready check.
    this.#listening ??= this.#listen();
    if (!(await this.#listening)) return clearInterval(this.#heart);
    const before = this.#unheard;
    this.#unheard += 1;
    // A heartbeat that cannot be published says nothing about the subscriber.
    await this.#publisher.publish(this.#beats, 'beat').catch(() => {
      this.#unheard = before;
    });
  }

  /** False when Redis does not allow this user to subscribe to the channel: then there are no heartbeats. */
  #listen(): Promise<boolean> {
    const heard = () => {
      this.#unheard = 0;
    };
    return subscribe(this.#pubsub, this.#beats, heard).then(
      () => true,
      () => false,
    );
  }

  /** ioredis restores the subscriptions when it is ready. Redis answers a ping sent after that once they are restored. */
  async #notifyReconnected(): Promise<void> {
    if (this.#listeners.size === 0) return;
    await this.#subscriber.ping().catch(() => {});
    for (const listener of [...this.#listeners]) listener(null);
  }
}

/**
 * Subscribes. The library keeps a second promise for concurrent subscribers of the same channel; without one of those its
 * rejection would be unhandled.
 */
function subscribe(pubsub: RedisPubSub, channel: string, listener: Listener): Promise<number> {
  const subscribed = pubsub.subscribe(channel, listener);
  const { subsPendingRefsMap } = pubsub as unknown as {
    subsPendingRefsMap: ReadonlyMap<string, { pending: PromiseLike<unknown> }>;
  };
  subsPendingRefsMap.get(channel)?.pending.then(undefined, () => {});
  return subscribed;
}

/** An event, the id of a turn, or `null` for a conversation that was removed. */
function parse(message: string): unknown {
  if (message === 'null') return 'removed';
  // The log continues in a new epoch.
  if (message === 'false') return null;
  if (!message.startsWith('{')) return message;
  try {
    return JSON.parse(message);
  } catch {
    return message;
  }
}
