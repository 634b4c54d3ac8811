import { encodeCursor } from '../../core/live/feed/cursor.ts';
import type { HeardEvent } from '../../core/live/feed/events.ts';

/**
 * Where a subscription to a conversation is. Results say it only if their document selects `cursor`; a transport that
 * gives events ids needs it of every one. Results are asked for one after another, so one place is enough.
 */
export class Delivered {
  #event: HeardEvent | null = null;

  /** Of the result that is executed now. */
  set(event: HeardEvent): void {
    this.#event = event;
  }

  /** The cursor of the newest result; null if that has none, or its cursor was taken. */
  take(): string | null {
    const event = this.#event;
    this.#event = null;
    return event && encodeCursor(event);
  }
}
