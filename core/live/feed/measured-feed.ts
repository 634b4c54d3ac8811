import { tap } from '../../async/tap.ts';
import type { Readable } from '../../async/waiting.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import { SlowListenerError } from './event-buffer.ts';
import type { HeardEvent } from './events.ts';
import type { Feed, FeedEntry } from './feed.ts';

export type FeedMetrics = Pick<
  Metrics,
  'feedAppends' | 'feedReplays' | 'feedResets' | 'slowListeners' | 'tokensSpoken' | 'turns' | 'interruptions'
>;

/** A feed that counts its steps and events in metrics. Each process counts its own. */
export function measuredFeed(feed: Feed, metrics: FeedMetrics): Feed {
  const { feedAppends } = metrics;
  return {
    async advance(conversationId, target) {
      const advanced = await feed.advance(conversationId, target);
      feedAppends.inc({ step: 'advance' });
      if (!advanced.gone) countEnded(target.entries, advanced, metrics);
      return advanced;
    },
    begin: (conversationId) => feed.begin(conversationId),
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
    async finish(conversationId, turn, ending) {
      const finished = await feed.finish(conversationId, turn, ending);
      feedAppends.inc({ step: 'finish' });
      return finished;
    },
    fastForward: (conversationId, turnId) => feed.fastForward(conversationId, turnId),
    notifySpeaker: (conversationId, turnId) => feed.notifySpeaker(conversationId, turnId),
    async append(conversationId, events) {
      const position = await feed.append(conversationId, events);
      feedAppends.inc({ step: 'append' });
      return position;
    },
    state: (conversationId) => feed.state(conversationId),
    subscribe(conversationId, options) {
      if (options.after) metrics.feedReplays.inc();
      return measuredEvents(feed.subscribe(conversationId, options), metrics);
    },
    watchTurn: (conversationId, turnId, watcher) => feed.watchTurn(conversationId, turnId, watcher),
    remove: (conversationId) => feed.remove(conversationId),
    stop: () => feed.stop(),
  };
}

/** Counts the turns whose terminal events this step published. */
function countEnded(
  entries: readonly FeedEntry[],
  { before, published }: { before: number; published: number },
  { turns, interruptions }: FeedMetrics,
): void {
  for (const { n, events } of entries) {
    if (n <= before || n > published) continue;
    for (const event of events ?? []) {
      if (event.type === 'TurnCompleted') turns.inc({ outcome: 'done' });
      if (event.type === 'TurnFailed') turns.inc({ outcome: 'error' });
      if (event.type !== 'TurnInterrupted') continue;
      turns.inc({ outcome: 'interrupted' });
      interruptions.inc({ reason: event.reason });
    }
  }
}

function measuredEvents(
  events: Readable<HeardEvent>,
  { feedResets, slowListeners }: FeedMetrics,
): Readable<HeardEvent> {
  return tap(events, {
    map(event) {
      if (event.type === 'FeedReset') feedResets.inc();
      return event;
    },
    onEnd(error) {
      if (error instanceof SlowListenerError) slowListeners.inc();
    },
  });
}
