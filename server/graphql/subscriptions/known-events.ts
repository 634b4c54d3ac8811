import type { HeardEvent } from '../../../core/live/feed/events.ts';
import { isKnown } from '../types/conversation-event.ts';

/**
 * Of what a feed brings, the events of the kinds that this release has. While a release takes the place of another, a
 * newer process can publish kinds that this one does not have.
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
