import {
  describeFeed,
  type FeedTestOptions,
  type FeedUnderTest,
} from '../../../test/support/contracts/feed.ts';
import { describeReconciling } from '../../../test/support/contracts/feed-reconcile.ts';
import { MemoryFeed } from './memory.ts';

const create = async (options: FeedTestOptions): Promise<FeedUnderTest> => {
  let skipped = 0;
  const feed = new MemoryFeed({ ...options, now: () => Date.now() + skipped });
  return {
    feed,
    age: async (ms) => {
      skipped += ms;
    },
    lose: (conversationId) => feed.lose(conversationId),
    stop: () => feed.stop(),
  };
};

describeFeed('in process', create);
describeFeed('in process', create, 'takes');
describeReconciling('in process', create);
