import { tap } from '../../../core/async/tap.ts';
import type { Readable } from '../../../core/async/waiting.ts';
import type { HeardEvent } from '../../../core/live/feed/events.ts';
import { isKnown } from '../types/conversation-event.ts';

/**
 * The events of a feed whose kinds this release knows. During a rolling release, a newer process can publish kinds that
 * this one does not know.
 */
export function knownEvents(events: Readable<HeardEvent>): Readable<HeardEvent> {
  return tap(events, { map: (event) => (isKnown(event) ? event : null) });
}
