import { describeFeed } from './contract.ts';
import { MemoryFeed } from './memory.ts';

describeFeed('in process', async (options) => {
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
});
