import type { FeedEvent } from './events.ts';

/** The newest events of a log, numbered without holes: a ring of fixed capacity that grows only as it fills. */
export class RetainedEvents {
  readonly #capacity: number;
  readonly #ring: FeedEvent[] = [];
  #newest = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** The seq of the newest event ever pushed; 0 before the first. */
  get newest(): number {
    return this.#newest;
  }

  push(event: FeedEvent): void {
    this.#ring[this.#newest % this.#capacity] = event;
    this.#newest = event.seq;
  }

  /** The events after `seq`; null when some of them are gone, or when `seq` was never reached. */
  after(seq: number): FeedEvent[] | null {
    const oldest = this.#newest - this.#ring.length;
    if (seq < oldest || seq > this.#newest) return null;
    const events: FeedEvent[] = [];
    for (let at = seq; at < this.#newest; at++) {
      const event = this.#ring[at % this.#capacity];
      if (event) events.push(event);
    }
    return events;
  }

  /** The newest event that satisfies the predicate. */
  findLast<T extends FeedEvent>(predicate: (event: FeedEvent) => event is T): T | null {
    for (let at = this.#newest - 1; at >= this.#newest - this.#ring.length; at--) {
      const event = this.#ring[at % this.#capacity];
      if (event && predicate(event)) return event;
    }
    return null;
  }
}
