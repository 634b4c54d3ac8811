import type { Readable } from '../../async/waiting.ts';
import type { HeardEvent, Position } from './events.ts';
import type { Feed } from './feed.ts';

/** How a listener reads: by `next`, or by taking what waits, see `Waiting`. */
export type Reads = 'asks' | 'takes';

/** A listener of a feed for tests: a queue of received events to take from. */
export class Listener {
  /** How it ended, and the received events that were not taken. */
  readonly ended: Promise<{ error: Error | null; heard: HeardEvent[] }>;
  readonly #events: Readable<HeardEvent>;
  readonly #heard: HeardEvent[] = [];
  #wake: (() => void) | null = null;
  #paused: Promise<void> | null = null;
  #resume: (() => void) | null = null;
  #over = false;
  #take = () => {};

  constructor(feed: Feed, conversationId: string, after?: Position, reads: Reads = 'asks') {
    this.#events = feed.subscribe(conversationId, { after });
    this.ended = this.#run(this.#events, reads);
  }

  async #run(
    events: Readable<HeardEvent>,
    reads: Reads,
  ): Promise<{ error: Error | null; heard: HeardEvent[] }> {
    let error: Error | null = null;
    try {
      if (reads === 'takes') await this.#takeAll(events);
      for await (const event of events) {
        this.#heard.push(event);
        this.#wake?.();
        if (this.#paused) await this.#paused;
      }
    } catch (thrown) {
      error = thrown as Error;
    }
    this.#over = true;
    this.#wake?.();
    return { error, heard: this.#heard };
  }

  /** Resolves when the events have ended, and none waits. */
  #takeAll({ waiting }: Readable<HeardEvent>): Promise<void> {
    if (!waiting) throw new Error('nothing to take from');
    return new Promise((resolve) => {
      this.#take = () => {
        for (let event = waiting.peek(); event && !this.#paused; event = waiting.peek()) {
          waiting.take();
          this.#heard.push(event);
          this.#wake?.();
        }
        if (waiting.ended && !waiting.peek()) resolve();
      };
      waiting.notify = this.#take;
      this.#take();
    });
  }

  /** The next `count` events, in order. */
  async take(count: number): Promise<HeardEvent[]> {
    await this.#until(() => this.#heard.length >= count);
    return this.#heard.splice(0, count);
  }

  /** Everything up to and including the first event that satisfies the predicate. */
  async takeUntil(last: (event: HeardEvent) => boolean): Promise<HeardEvent[]> {
    await this.#until(() => this.#heard.some(last));
    return this.#heard.splice(0, this.#heard.findIndex(last) + 1);
  }

  /** Stops reading after the next event, until `go`. */
  pause(): void {
    this.#paused ??= new Promise((resolve) => {
      this.#resume = resolve;
    });
  }

  go(): void {
    this.#resume?.();
    this.#paused = null;
    this.#take();
  }

  stop(): void {
    this.go();
    void this.#events.return?.();
  }

  async #until(satisfied: () => boolean): Promise<void> {
    while (!satisfied()) {
      if (this.#over) throw new Error(`the listener has ended; it had heard ${JSON.stringify(this.#heard)}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
