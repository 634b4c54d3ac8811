import type { FeedEvent } from './events.ts';

export interface RetainedBounds {
  events: number;
  /** The space that they may take, as {@link sizeOf} estimates it. */
  bytes: number;
}

/** The newest events of a log, numbered without gaps: a ring buffer of fixed capacity that grows only as it fills. */
export class RetainedEvents {
  readonly #bounds: RetainedBounds;
  readonly #ring: (FeedEvent | undefined)[] = [];
  #newest = 0;
  /** The seq of the newest event that was dropped. */
  #dropped = 0;
  #bytes = 0;

  constructor(bounds: RetainedBounds) {
    this.#bounds = bounds;
  }

  /** The seq of the newest event ever pushed; 0 before the first. */
  get newest(): number {
    return this.#newest;
  }

  copy(): RetainedEvents {
    const copy = new RetainedEvents(this.#bounds);
    copy.#ring.push(...this.#ring);
    copy.#newest = this.#newest;
    copy.#dropped = this.#dropped;
    copy.#bytes = this.#bytes;
    return copy;
  }

  push(event: FeedEvent): void {
    const { events, bytes } = this.#bounds;
    if (this.#newest - this.#dropped === events) this.#drop();
    this.#ring[this.#newest % events] = event;
    this.#newest = event.seq;
    this.#bytes += sizeOf(event);
    while (this.#bytes > bytes && this.#dropped + 1 < this.#newest) this.#drop();
  }

  /** The events after `seq`; null when some of them are gone, or when `seq` was never reached. */
  after(seq: number): FeedEvent[] | null {
    if (seq < this.#dropped || seq > this.#newest) return null;
    const events: FeedEvent[] = [];
    for (let at = seq; at < this.#newest; at++) {
      const event = this.#ring[at % this.#bounds.events];
      if (event) events.push(event);
    }
    return events;
  }

  /** The newest event that satisfies the predicate. */
  findLast<T extends FeedEvent>(predicate: (event: FeedEvent) => event is T): T | null {
    for (let at = this.#newest - 1; at >= this.#dropped; at--) {
      const event = this.#ring[at % this.#bounds.events];
      if (event && predicate(event)) return event;
    }
    return null;
  }

  #drop(): void {
    const at = this.#dropped % this.#bounds.events;
    const event = this.#ring[at];
    if (event) this.#bytes -= sizeOf(event);
    this.#ring[at] = undefined;
    this.#dropped += 1;
  }
}

/** The size of an event besides its text, in bytes: about that of its JSON. */
const FRAME_BYTES = 160;

function sizeOf(event: FeedEvent): number {
  const text = 'text' in event ? event.text : event.type === 'MessageAdded' ? event.message.content : '';
  return FRAME_BYTES + text.length;
}
