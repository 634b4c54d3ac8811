import type { HeardEvent } from '../../../core/live/feed/events.ts';
import { isKnown } from '../types/conversation-event.ts';

/**
 * The events of a feed whose kinds this release knows. During a rolling release, a newer process can publish kinds that
 * this one does not know.
 */
export function knownEvents(events: AsyncIterableIterator<HeardEvent>): AsyncIterableIterator<HeardEvent> {
  return {
    async next() {
      let result = await events.next();
      while (!result.done && !isKnown(result.value)) result = await events.next();
      return result;
    },
    return: () => events.return?.() ?? Promise.resolve({ value: undefined, done: true }),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
