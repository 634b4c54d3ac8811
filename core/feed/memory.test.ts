import { describeFeed, type FeedTestOptions, type FeedUnderTest } from './contract.ts';
import { MemoryFeed } from './memory.ts';
import { describeReconciling } from './reconcile-contract.ts';

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
describeReconciling('in process', create);
