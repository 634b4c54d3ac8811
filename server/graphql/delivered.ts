import { encodeCursor } from '../../core/live/feed/cursor.ts';
import type { HeardEvent } from '../../core/live/feed/events.ts';

/**
 * The position of a subscription to a conversation. A result has its cursor only if the document selects `cursor`, but a
 * transport that gives events ids needs the cursor of every result. Results are requested one after another, so one field
 * is enough.
 */
export class Delivered {
  #event: HeardEvent | null = null;

  /** Keeps the event of the result that is being executed. */
  set(event: HeardEvent): void {
    this.#event = event;
  }

  /** The cursor of the newest result; null if it has none, or if its cursor was taken already. */
  take(): string | null {
    const event = this.#event;
    this.#event = null;
    return event && encodeCursor(event);
  }
}
