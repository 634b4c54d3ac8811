import { once } from 'node:events';
import { v7 as uuidv7 } from 'uuid';
import { test } from 'vitest';
import {
  describeFeed,
  type FeedTestOptions,
  type FeedUnderTest,
} from '../../../test/support/contracts/feed.ts';
import { describeReconciling } from '../../../test/support/contracts/feed-reconcile.ts';
import { begin } from '../../../test/support/feed-steps.ts';
import { describeOnRedis } from '../../../test/support/on-redis.ts';
import { throughBorder } from '../../redis/connect.ts';
import { LivePush } from '../push/live-push.ts';
import { RedisFeed } from './redis.ts';
import { feedKeys } from './redis-keys.ts';

await describeOnRedis('the feed', ({ redis, prefix }) => {
  const create = async (options: FeedTestOptions): Promise<FeedUnderTest> => {
    const subscriber = redis.duplicate();
    const push = new LivePush(redis, subscriber);
    const feed = new RedisFeed({ redis, run: { current: 'run' }, push, prefix, ...options });
    const stop = async () => {
      push.stop();
      await feed.stop();
      await subscriber.quit();
    };
    return { feed, age: passTime, lose, stop };
  };
  describeFeed('Redis', create);
  describeFeed('Redis', create, 'takes');
  describeReconciling('Redis', create);

  test('after the subscriber reconnects, a watched turn is looked up until Redis answers', async () => {
    const commands = redis.duplicate();
    throughBorder(commands);
    let reconnected = (_ended: null) => {};
    const push = {
      attach: async (_channel: string, listener: typeof reconnected) => {
        reconnected = listener;
        return () => {};
      },
    } as never;
    const feed = new RedisFeed({ redis: commands, run: { current: 'run' }, push, prefix });
    const [conversation, id] = [uuidv7(), uuidv7()];
    await begin(feed, conversation, { id, cause: 'USER_MESSAGE', model: 'm' });
    let onLost = () => {};
    const lost = new Promise<void>((resolve) => {
      onLost = resolve;
    });
    await feed.watchTurn(conversation, id, { onLost, onFenced: () => {} });
    await lose(conversation);
    const disconnected = once(commands, 'end');
    commands.disconnect();
    await disconnected;
    reconnected(null);
    await commands.connect();
    await lost;
    commands.disconnect();
  });

  async function lose(conversation: string): Promise<void> {
    await redis.del(Object.values(feedKeys(prefix, conversation)));
  }

  /** Redis has its own clock: deletes the keys that would have expired. */
  async function passTime(ms: number): Promise<void> {
    for await (const keys of redis.scanStream({ match: `${prefix}:*`, count: 1_000 })) {
      for (const key of keys) {
        const left = await redis.pttl(key);
        if (left >= 0 && left <= ms) await redis.del(key);
      }
    }
  }
});
