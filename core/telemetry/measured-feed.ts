import { SlowListenerError } from '../feed/event-buffer.ts';
import type { HeardEvent } from '../feed/events.ts';
import type { Feed } from '../feed/feed.ts';
import type { Metrics } from './metrics.ts';

export type FeedMetrics = Pick<
  Metrics,
  'feedAppends' | 'feedReplays' | 'feedResets' | 'slowListeners' | 'tokensSpoken' | 'turns' | 'interruptions'
>;

/** Counts what goes through a feed. Each process counts what it does itself. */
export function measuredFeed(feed: Feed, metrics: FeedMetrics): Feed {
  const { feedAppends, turns } = metrics;
  return {
    async begin(conversationId, turn, events) {
      const begun = await feed.begin(conversationId, turn, events);
      feedAppends.inc({ step: 'begin' });
      return begun;
    },
    claim: (conversationId, turnId, from) => feed.claim(conversationId, turnId, from),
    async speak(conversationId, turn, text, tokens) {
      const outcome = await feed.speak(conversationId, turn, text, tokens);
      feedAppends.inc({ step: 'speak' });
      if (outcome === 'spoken') metrics.tokensSpoken.inc(tokens);
      return outcome;
    },
    async think(conversationId, turn, seconds) {
      const outcome = await feed.think(conversationId, turn, seconds);
      feedAppends.inc({ step: 'think' });
      return outcome;
    },
    async close(conversationId, turn, ending) {
      const closed = await feed.close(conversationId, turn, ending);
      feedAppends.inc({ step: 'close' });
      if (closed.outcome === 'closed')
        turns.inc({ outcome: ending.type === 'TurnCompleted' ? 'done' : 'error' });
      return closed;
    },
    async interrupt(conversationId, reason, only) {
      const interrupted = await feed.interrupt(conversationId, reason, only);
      feedAppends.inc({ step: 'interrupt' });
      if (interrupted) {
        turns.inc({ outcome: 'interrupted' });
        metrics.interruptions.inc({ reason });
      }
      return interrupted;
    },
    async append(conversationId, events) {
      const position = await feed.append(conversationId, events);
      feedAppends.inc({ step: 'append' });
      return position;
    },
    state: (conversationId) => feed.state(conversationId),
    endingOf: (conversationId, turnId) => feed.endingOf(conversationId, turnId),
    subscribe(conversationId, options) {
      if (options.after) metrics.feedReplays.inc();
      return measuredEvents(feed.subscribe(conversationId, options), metrics);
    },
    watchTurn: (conversationId, turnId, watcher) => feed.watchTurn(conversationId, turnId, watcher),
    remove: (conversationId) => feed.remove(conversationId),
    stop: () => feed.stop(),
  };
}

function measuredEvents(
  events: AsyncIterableIterator<HeardEvent>,
  { feedResets, slowListeners }: FeedMetrics,
): AsyncIterableIterator<HeardEvent> {
  return {
    async next() {
      try {
        const result = await events.next();
        if (!result.done && result.value.type === 'FeedReset') feedResets.inc();
        return result;
      } catch (error) {
        if (error instanceof SlowListenerError) slowListeners.inc();
        throw error;
      }
    },
    return: () => events.return?.() ?? Promise.resolve({ value: undefined, done: true }),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
